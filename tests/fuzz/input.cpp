#include "tests/fuzz/input.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace fuzz {
namespace {

/// Printable ASCII as it is, everything else as \xNN.
std::string shown(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const char c : text.substr(0, 2000)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out.append("\\x").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
    }
  }
  return out;
}

[[noreturn]] void broken(std::string_view sentence, const std::string& details, const std::source_location& where) {
  const std::string text(sentence);
  static_cast<void>(std::fprintf(stderr, "%s:%u: a promise is broken: %s\n%s", where.file_name(), static_cast<unsigned>(where.line()),
                                 text.c_str(), details.c_str()));
  std::abort();
}

bool is_code(std::string_view code) {
  return !code.empty() && code.front() >= 'a' && code.front() <= 'z' &&
         std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string described(const pkg::errors::Error& error) {
  return "  code " + shown(error.code) + "\n  detail " + shown(error.detail) + "\n  field " + shown(error.field) + "\n";
}

void promise_form(const pkg::errors::Error& error, const std::source_location& where) {
  if (!is_code(error.code)) broken("an error's code is lower_snake_case", described(error), where);
  if (error.detail.empty()) broken("an error says what is wrong", described(error), where);
  if (!is_utf8(error.detail) || !is_utf8(error.field)) broken("an error is UTF-8, whatever it quotes", described(error), where);
}

}  // namespace

void promise(bool kept, std::string_view sentence, std::source_location where) {
  if (!kept) broken(sentence, {}, where);
}

void promise_same(std::string_view one, std::string_view other, std::string_view sentence, std::source_location where) {
  if (one != other) broken(sentence, "  one   " + shown(one) + "\n  other " + shown(other) + "\n", where);
}

void promise_error(const pkg::errors::Error& error, std::initializer_list<std::string_view> codes, std::source_location where) {
  promise_form(error, where);
  if (std::ranges::find(codes, error.code) == codes.end()) broken("an error's code is a known one", described(error), where);
}

void promise_error(const pkg::errors::Error& error, std::source_location where) {
  promise_form(error, where);
  if (error.kind == pkg::errors::ErrorKind::internal) broken("what others send is not our fault", described(error), where);
}

std::string_view Input::until(std::string_view mark) {
  const auto at = rest_.find(mark);
  const auto part = rest_.substr(0, at);
  rest_ = at == std::string_view::npos ? std::string_view() : rest_.substr(at + mark.size());
  return part;
}

std::vector<std::string_view> split(std::string_view text, std::string_view mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto at = text.find(mark);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + mark.size());
  }
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if ((lead >= 0x80 && lead < 0xc0) || lead > 0xf7 || text.size() < length) return false;
    char32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return false;
      point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace fuzz
