#include "pkg/messaging/header_text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

namespace pkg::messaging {
namespace {

using namespace std::chrono_literals;
constexpr clock::TimePoint first_time{std::chrono::sys_days{0y / 1 / 1}};
constexpr clock::TimePoint end_of_time{std::chrono::sys_days{10000y / 1 / 1}};

constexpr bool is_printable_ascii(unsigned char c) { return c >= 0x21 && c <= 0x7e; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct Lead {
  std::size_t following;  ///< continuation bytes
  std::uint32_t bits;     ///< of the code point, from the first byte
  std::uint32_t least;    ///< the smallest code point that needs this length
};

std::optional<Lead> lead_of(unsigned char first) {
  if (first < 0x80) return Lead{0, first, 0};
  if ((first & 0xe0) == 0xc0) return Lead{1, first & 0x1fU, 0x80};
  if ((first & 0xf0) == 0xe0) return Lead{2, first & 0x0fU, 0x800};
  if ((first & 0xf8) == 0xf0) return Lead{3, first & 0x07U, 0x10000};
  return std::nullopt;
}

void append_digits(std::string& text, std::int64_t value, int width) {
  std::string digits(static_cast<std::size_t>(width), '0');
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, value /= 10) *at = static_cast<char>('0' + value % 10);
  text += digits;
}

/// Takes exactly `width` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t width) {
  if (text.size() < width) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return value;
}

bool take_char(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int> take_fraction(std::string_view& text) {
  if (!take_char(text, '.')) return 0;
  const std::size_t width = text.find_first_not_of("0123456789");
  if (width == std::string_view::npos || width == 0 || width > 6) return std::nullopt;
  auto value = take_digits(text, width);
  for (std::size_t i = width; value && i < 6; ++i) *value *= 10;
  return value;
}

}  // namespace

bool is_plain_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] >= 0x20 && text[at] < 0x7f) {  // most of it
      ++at;
      continue;
    }
    const auto lead = lead_of(static_cast<unsigned char>(text[at++]));
    if (!lead || text.size() - at < lead->following) return false;
    std::uint32_t point = lead->bits;
    for (std::size_t i = 0; i < lead->following; ++i) {
      const auto next = static_cast<unsigned char>(text[at++]);
      if ((next & 0xc0) != 0x80) return false;
      point = (point << 6) | (next & 0x3fU);
    }
    const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
    const bool is_control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
    if (point < lead->least || point > 0x10ffff || is_surrogate || is_control) return false;
  }
  return true;
}

bool is_its_own_encoding(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_printable_ascii(static_cast<unsigned char>(c)) && c != '"' && c != '%'; });
}

std::string percent_encode(std::string_view text) {
  if (is_its_own_encoding(text)) return std::string(text);
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_printable_ascii(byte) && c != '"' && c != '%') {
      encoded.push_back(c);
    } else {
      encoded.push_back('%');
      encoded.push_back(hex[byte >> 4]);
      encoded.push_back(hex[byte & 0x0f]);
    }
  }
  return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
  if (is_its_own_encoding(text)) return std::string(text);
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_printable_ascii(static_cast<unsigned char>(text[at]))) return std::nullopt;
    if (text[at] != '%') {
      decoded.push_back(text[at]);
      continue;
    }
    if (text.size() - at < 3) return std::nullopt;
    const int high = hex_value(text[at + 1]);
    const int low = hex_value(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(high * 16 + low));
    at += 2;
  }
  return decoded;
}

std::optional<std::string> format_time(clock::TimePoint time) {
  // Asked of the time and not of its year, which is kept in 16 bits and would come out as another one.
  if (time < first_time || time >= end_of_time) return std::nullopt;
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const int year = static_cast<int>(date.year());
  const std::int64_t in_day = (time - day).count();
  std::string text;
  append_digits(text, year, 4);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  append_digits(text, in_day / 3'600'000'000, 2);
  text += ':';
  append_digits(text, in_day / 60'000'000 % 60, 2);
  text += ':';
  append_digits(text, in_day / 1'000'000 % 60, 2);
  text += '.';
  append_digits(text, in_day % 1'000'000, 6);
  text += 'Z';
  return text;
}

std::optional<clock::TimePoint> parse_time(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take_char(text, 'T')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59 || !take_char(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction || text != "Z") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return clock::TimePoint{std::chrono::sys_days{date}} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + std::chrono::microseconds{*fraction};
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace pkg::messaging
