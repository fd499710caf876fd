#include "pkg/paging/paging.hpp"

#include <charconv>
#include <optional>

namespace pkg::paging {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";  // RFC 4648, section 5
constexpr std::size_t longest_token = 2048;
constexpr char separator = '\x1f';  // ASCII unit separator
constexpr char escape = '\x1e';     // before a separator or an escape that is part of a part: a name sorted by may hold anything

// FNV-1a: tells a damaged token from a good one. It is no signature: a forged token only moves the forger's own list.
std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t hash = 2166136261u;
  for (const char c : bytes) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
  return hash;
}

std::string with_checksum(std::string bytes) {
  const auto sum = checksum(bytes);
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(sum >> shift));
  return bytes;
}

std::string to_base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<std::uint8_t>(c);
    for (have += 8; have >= 6; have -= 6) text.push_back(alphabet[(bits >> (have - 6)) & 63]);
  }
  if (have > 0) text.push_back(alphabet[(bits << (6 - have)) & 63]);
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes.push_back(static_cast<char>((bits >> have) & 0xff));
    }
  }
  return bytes;
}

std::optional<Cursor> read_token(std::string_view token) {
  if (token.size() > longest_token) return std::nullopt;
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() < 4) return std::nullopt;
  Cursor cursor(1);
  bool is_escaped = false;
  for (const char c : std::string_view(*bytes).substr(0, bytes->size() - 4)) {
    if (is_escaped || (c != separator && c != escape)) {
      cursor.back().push_back(c);
      is_escaped = false;
    } else if (c == separator) {
      cursor.emplace_back();
    } else {
      is_escaped = true;
    }
  }
  // A token is what we write and nothing else: this looks at the checksum, and at bits and escapes that stand for nothing.
  return write_token(cursor) == token ? std::optional(std::move(cursor)) : std::nullopt;
}

std::unexpected<errors::Error> not_our_token() {
  return errors::fail(errors::ErrorKind::malformed, "malformed_page_token",
                      "Use nextPageToken of the page before, unchanged, with the same filters.", "pageToken");
}

}  // namespace

errors::Result<Page> read_page(std::int32_t page_size, std::string_view page_token, std::size_t parts) {
  using errors::ErrorKind;
  if (page_size < 0 || page_size > max_page_size) {
    return errors::fail(ErrorKind::malformed, "page_size_out_of_range", "A page has from 1 to " + std::to_string(max_page_size) + " items.",
                        "pageSize");
  }
  Page page;
  if (page_size > 0) page.size = page_size;
  if (page_token.empty()) return page;
  auto cursor = read_token(page_token);
  if (!cursor || cursor->size() != parts) return not_our_token();
  page.after = std::move(*cursor);
  return page;
}

std::string write_token(const Cursor& cursor) {
  if (cursor.empty()) return {};
  std::string content;
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    if (i > 0) content.push_back(separator);
    for (const char c : cursor[i]) {
      if (c == separator || c == escape) content.push_back(escape);
      content.push_back(c);
    }
  }
  return to_base64url(with_checksum(std::move(content)));
}

Cursor time_and_id(clock::TimePoint time, const ids::Uuid& id) { return {std::to_string(clock::unix_us(time)), id.to_string()}; }

errors::Result<TimeAndId> read_time_and_id(const Cursor& cursor) {
  if (cursor.size() != 2) return not_our_token();
  std::int64_t us = 0;
  const auto& text = cursor[0];
  const auto read = std::from_chars(text.data(), text.data() + text.size(), us);
  const auto id = ids::Uuid::parse(cursor[1]);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !id) return not_our_token();
  return TimeAndId{clock::from_unix_us(us), *id};
}

}  // namespace pkg::paging
