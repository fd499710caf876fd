#include "pkg/config/setting.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "pkg/config/values.hpp"

namespace pkg::config {
namespace {

/// A value's place on the scale that its limits are given in; nothing for a type without limits or a text that does not parse.
std::optional<std::int64_t> measure(std::string_view type, std::string_view text) {
  if (type == "number" || type == "port") return parse_number(text);
  if (type == "bytes") {
    const auto bytes = parse_bytes(text);
    if (!bytes || !std::in_range<std::int64_t>(*bytes)) return std::nullopt;
    return static_cast<std::int64_t>(*bytes);
  }
  if (type == "duration") {
    const auto duration = parse_duration(text);
    if (duration) return duration->count();
  }
  return std::nullopt;
}

std::string format_limit(std::string_view type, std::int64_t limit) {
  if (type == "duration") return format_duration(std::chrono::milliseconds{limit});
  if (type == "bytes") return format_bytes(static_cast<std::uint64_t>(limit));
  return fmt::format("{}", limit);
}

}  // namespace

Setting::Setting(std::string name, std::string type, std::string summary, Assign assign, Show show)
    : name_(std::move(name)), type_(std::move(type)), summary_(std::move(summary)), assign_(std::move(assign)), show_(std::move(show)) {}

Setting& Setting::required() {
  is_required_ = true;
  return *this;
}

Setting& Setting::shared() {
  is_shared_ = true;
  return *this;
}

Setting& Setting::between(std::int64_t least, std::int64_t most) {
  least_ = least;
  most_ = most;
  return *this;
}

Setting& Setting::between(std::chrono::milliseconds least, std::chrono::milliseconds most) { return between(least.count(), most.count()); }

Setting& Setting::one_of(std::initializer_list<std::string_view> words) {
  words_.assign(words.begin(), words.end());
  return *this;
}

Setting& Setting::schemes(std::initializer_list<std::string_view> schemes) {
  schemes_.assign(schemes.begin(), schemes.end());
  return *this;
}

std::string Setting::allowed() const {
  if (least_) return fmt::format("{}..{}", format_limit(type_, *least_), format_limit(type_, *most_));
  if (!words_.empty()) return fmt::format("{}", fmt::join(words_, "|"));
  if (!schemes_.empty()) return fmt::format("{}://", fmt::join(schemes_, "://, "));
  return {};
}

std::string Setting::type() const {
  const auto limits = allowed();
  return limits.empty() ? type_ : fmt::format("{} {}", type_, limits);
}

std::optional<std::string> Setting::assign(const std::string& text) {
  if (!words_.empty() && std::ranges::find(words_, text) == words_.end()) return fmt::format("one of {}", allowed());
  if (!schemes_.empty() && std::ranges::find(schemes_, url_scheme(text)) == schemes_.end()) {
    return fmt::format("a URL that starts with {}", allowed());
  }
  if (least_) {
    const auto value = measure(type_, text);
    if (value && (*value < *least_ || *value > *most_)) return fmt::format("a {} within {}", type_, allowed());
  }
  return assign_(text);
}

}  // namespace pkg::config
