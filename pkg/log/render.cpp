#include "pkg/log/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace pkg::log {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// How many bytes the character at the front takes; 0 when it is not well-formed UTF-8 (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned from = 0x80, unsigned to = 0xBF) { return byte(i) >= from && byte(i) <= to; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    return follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    return follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const char c = text[0];
    const auto length = utf8_length(text);
    const bool is_c1_control = length == 2 && c == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;  // some terminals obey these too
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else if (is_c1_control) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(text[1]));
    } else {
      out += length == 0 ? replacement : text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_number(std::string& out, double value) {
  // JSON has neither infinity nor NaN.
  out += std::isfinite(value) ? fmt::format("{}", value) : "null";
}
void append_number(std::string& out, bool value) { out += value ? "true" : "false"; }
void append_number(std::string& out, std::int64_t value) { fmt::format_to(std::back_inserter(out), "{}", value); }
void append_number(std::string& out, std::uint64_t value) { fmt::format_to(std::back_inserter(out), "{}", value); }

void append_value(std::string& out, const Value& value, void (*append_text)(std::string&, std::string_view)) {
  std::visit(
      [&](const auto& held) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(held)>, std::string_view>) {
          append_text(out, held);
        } else {
          append_number(out, held);
        }
      },
      value.held());
}

bool is_plain_word(std::string_view text) {
  const auto fits = [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\'; };
  return !text.empty() && std::ranges::all_of(text, fits);
}

void append_word(std::string& out, std::string_view text) {
  if (is_plain_word(text)) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

bool is_taken(std::string_view key) { return key == "time" || key == "level" || key == "service" || key == "message"; }

}  // namespace

std::string rfc3339(clock::TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string render_json(const Entry& entry) {
  std::string out = fmt::format(R"({{"time":"{}","level":"{}","service":)", rfc3339(entry.time), level_name(entry.level));
  append_quoted(out, entry.service);
  out += ",\"message\":";
  append_quoted(out, entry.message);
  for (const auto& field : entry.fields) {
    out += is_taken(field.key) ? ",\"_" : ",\"";
    append_escaped(out, field.key);
    out += "\":";
    append_value(out, field.value, append_quoted);
  }
  out += '}';
  return out;
}

std::string render_text(const Entry& entry) {
  std::string level(level_name(entry.level));
  std::ranges::transform(level, level.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  std::string out = fmt::format("{} {:<5} {}  ", rfc3339(entry.time).substr(11, 12), level, entry.service);
  append_escaped(out, entry.message);
  for (const auto& field : entry.fields) {
    out += "  ";
    append_escaped(out, field.key);
    out += '=';
    append_value(out, field.value, append_word);
  }
  return out;
}

}  // namespace pkg::log
