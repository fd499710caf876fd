#include "pkg/rest/url.hpp"

#include <cstdint>
#include <optional>

namespace pkg::rest {
namespace {

using errors::ErrorKind;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view raw, bool plus_is_space) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\0') return std::nullopt;
    if (raw[i] == '+' && plus_is_space) {
      text += ' ';
    } else if (raw[i] != '%') {
      text += raw[i];
    } else {
      if (i + 2 >= raw.size()) return std::nullopt;
      const int high = hex_digit(raw[i + 1]);
      const int low = hex_digit(raw[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      text += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  if (!is_utf8(text)) return std::nullopt;
  return text;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || i + length > text.size()) return false;
    std::uint32_t code = lead & (0x7fu >> length);
    for (std::size_t j = 1; j < length; ++j) {
      const auto next = static_cast<unsigned char>(text[i + j]);
      if ((next & 0xc0) != 0x80) return false;
      code = code << 6 | (next & 0x3fu);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    i += length;
  }
  return true;
}

errors::Result<Path> parse_path(std::string_view raw) {
  const auto bad = [] { return errors::fail(ErrorKind::malformed, "bad_path", "The address is not well encoded."); };
  if (!raw.starts_with('/')) return bad();
  Path path;
  while (!raw.empty()) {
    raw.remove_prefix(1);  // the slash
    const auto end = raw.find('/');
    std::string_view segment = raw.substr(0, end);
    raw = end == std::string_view::npos ? std::string_view() : raw.substr(end);
    if (const auto colon = segment.rfind(':'); raw.empty() && colon != std::string_view::npos) {
      path.verb = segment.substr(colon + 1);
      if (path.verb.empty()) return bad();
      segment = segment.substr(0, colon);
    }
    auto text = decode(segment, false);
    if (!text) return bad();
    path.segments.push_back(std::move(*text));
  }
  return path;
}

errors::Result<Parameters> parse_query(std::string_view raw) {
  Parameters parameters;
  while (!raw.empty()) {
    const auto end = raw.find('&');
    const std::string_view pair = raw.substr(0, end);
    raw = end == std::string_view::npos ? std::string_view() : raw.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    auto value = equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1), true);
    if (!name || !value) return errors::fail(ErrorKind::malformed, "bad_query", "The query is not well encoded.");
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace pkg::rest
