// Addresses of requests: what is decoded, encoded again, is decoded to the same; and it is text that PostgreSQL and JSON can hold.
// Input: "?" and a query, or a path.

#include "pkg/rest/url.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

/// Everything but the plainest characters as %XX.
std::string encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else {
      out.append("%").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
    }
  }
  return out;
}

void promise_text(std::string_view text) {
  fuzz::promise(fuzz::is_utf8(text), "what is decoded is UTF-8");
  fuzz::promise(text.find('\0') == std::string_view::npos, "what is decoded holds no U+0000");
}

void read_query(std::string_view raw) {
  const auto parameters = pkg::rest::parse_query(raw);
  if (!parameters) return fuzz::promise_error(parameters.error(), {"bad_query"});
  std::string again;
  for (const auto& [name, value] : *parameters) {
    promise_text(name);
    promise_text(value);
    if (!again.empty()) again += '&';
    again.append(encoded(name)).append("=").append(encoded(value));
  }
  fuzz::promise(pkg::rest::parse_query(again) == parameters, "a query is read again to the same");
}

void read_path(std::string_view raw) {
  const auto path = pkg::rest::parse_path(raw);
  if (!path) return fuzz::promise_error(path.error(), {"bad_path"});
  std::string again;
  for (const auto& segment : path->segments) {
    promise_text(segment);
    again += '/' + encoded(segment);
  }
  if (!path->verb.empty()) again += ':' + path->verb;
  const auto read = pkg::rest::parse_path(again);
  fuzz::promise(read && read->segments == path->segments && read->verb == path->verb, "a path is read again to the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  fuzz::promise(pkg::rest::is_utf8(text) == fuzz::is_utf8(text), "UTF-8 is what the reference calls so");
  if (text.starts_with('?')) {
    read_query(text.substr(1));
  } else {
    read_path(text);
  }
  return 0;
}
