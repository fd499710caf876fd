#include "pkg/config/values.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace pkg::config {
namespace {

template <class N>
struct Unit {
  std::string_view name;
  N size;
};

// Largest first, so that the first one that divides a value is the one to write it in.
constexpr std::array<Unit<std::int64_t>, 5> durations = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit<std::uint64_t>, 7> sizes = {
    {{"GiB", 1ULL << 30}, {"GB", 1'000'000'000}, {"MiB", 1ULL << 20}, {"MB", 1'000'000}, {"KiB", 1ULL << 10}, {"kB", 1'000}, {"B", 1}}};

template <class N, std::size_t Count>
std::optional<N> parse_with_unit(std::string_view text, const std::array<Unit<N>, Count>& units) {
  std::uint64_t count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc{}) return std::nullopt;
  const std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const auto unit = std::ranges::find(units, name, &Unit<N>::name);
  if (unit == units.end()) return std::nullopt;
  if (count > static_cast<std::uint64_t>(std::numeric_limits<N>::max() / unit->size)) return std::nullopt;
  return static_cast<N>(count) * unit->size;
}

template <class N, std::size_t Count>
std::string format_with_unit(N value, const std::array<Unit<N>, Count>& units) {
  if (value == 0) return "0";
  for (const auto& unit : units) {
    if (value % unit.size == 0) return fmt::format("{}{}", value / unit.size, unit.name);
  }
  return fmt::format("{}", value);
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> parse_flag(std::string_view text) {
  const auto word = in_lower_case(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  const auto ms = parse_with_unit(text, durations);
  if (!ms) return std::nullopt;
  return std::chrono::milliseconds{*ms};
}

std::string format_duration(std::chrono::milliseconds value) { return format_with_unit<std::int64_t>(value.count(), durations); }

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t bare = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), bare);
  if (fault == std::errc{} && end == text.data() + text.size()) return bare;
  return parse_with_unit(text, sizes);
}

std::string format_bytes(std::uint64_t value) { return format_with_unit(value, sizes); }

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> values;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto element = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const auto first = element.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    values.emplace_back(element.substr(first, element.find_last_not_of(" \t") - first + 1));
  }
  return values;
}

std::string format_list(const std::vector<std::string>& values) { return fmt::format("{}", fmt::join(values, ",")); }

std::string_view url_scheme(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos || end == 0 || end + 3 == text.size()) return {};
  const auto scheme = text.substr(0, end);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
  const bool has_blank = text.find_first_of(" \t\r\n") != std::string_view::npos;
  return std::ranges::all_of(scheme, fits) && !has_blank ? scheme : std::string_view{};
}

std::string masked_url(std::string_view text) {
  const auto start = text.find("://");
  if (start == std::string_view::npos) {
    // Not a URL, but perhaps "host=db password=..." or "me:secret@host".
    return text.find_first_of("=@") == std::string_view::npos ? std::string(text) : "***";
  }
  const auto query = text.find('?', start);
  const bool query_tells = query != std::string_view::npos && text.find("pass", query) != std::string_view::npos;
  std::string shown = query_tells ? fmt::format("{}?***", text.substr(0, query)) : std::string(text);
  // The last @ of all: a password that was not escaped may hold @ and / itself, and too much masked is better than too little.
  const auto at = shown.rfind('@');
  const auto colon = shown.find(':', start + 3);
  if (at != std::string::npos && colon < at) shown.replace(colon + 1, at - colon - 1, "***");
  return shown;
}

}  // namespace pkg::config
