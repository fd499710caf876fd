#include "pkg/config/spec.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "pkg/config/values.hpp"

namespace pkg::config {
namespace {

std::string in_upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-') c = '_';
  }
  return upper;
}

/// The way from a parser that may return nothing to an assignment that says what it wanted.
template <class Parser, class Target>
Setting::Assign parsed(Parser parse, Target& target, std::string expected) {
  return [parse, &target, expected = std::move(expected)](const std::string& text) -> std::optional<std::string> {
    auto value = parse(text);
    if (!value) return expected;
    target = std::move(*value);
    return std::nullopt;
  };
}

}  // namespace

Spec::Spec(std::string service, std::string defaults)
    : service_(std::move(service)), prefix_(in_upper_case(service_) + "_"), defaults_(std::move(defaults)) {}

Setting& Spec::add(std::string_view name, std::string_view type, std::string_view summary, Setting::Assign assign, Setting::Show show) {
  return settings_.emplace_back(prefix_ + std::string(name), std::string(type), std::string(summary), std::move(assign), std::move(show));
}

Setting& Spec::text(std::string_view name, std::string& target, std::string_view summary) {
  const auto assign = [&target](const std::string& text) {
    target = text;
    return std::optional<std::string>();
  };
  return add(name, "text", summary, assign, [&target] { return target; });
}

Setting& Spec::secret(std::string_view name, Secret& target, std::string_view summary) {
  const auto assign = [&target](const std::string& text) {
    target = Secret(text);
    return std::optional<std::string>();
  };
  return add(name, "secret", summary, assign, [&target] { return std::string(target.empty() ? "" : "***"); });
}

Setting& Spec::flag(std::string_view name, bool& target, std::string_view summary) {
  return add(name, "flag", summary, parsed(parse_flag, target, "true or false"),
             [&target] { return std::string(target ? "true" : "false"); });
}

Setting& Spec::port(std::string_view name, std::uint16_t& target, std::string_view summary) {
  const auto parse = [](const std::string& text) -> std::optional<std::uint16_t> {
    const auto value = parse_number(text);
    if (!value || !std::in_range<std::uint16_t>(*value)) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
  };
  return add(name, "port", summary, parsed(parse, target, "a port number within 0..65535"), [&target] { return std::to_string(target); });
}

Setting& Spec::url(std::string_view name, std::string& target, std::string_view summary) {
  const auto parse = [](const std::string& text) { return url_scheme(text).empty() ? std::nullopt : std::optional(text); };
  return add(name, "url", summary, parsed(parse, target, "a URL such as https://host:port/path"), [&target] { return masked_url(target); });
}

Setting& Spec::list(std::string_view name, std::vector<std::string>& target, std::string_view summary) {
  const auto parse = [](const std::string& text) { return std::optional(parse_list(text)); };
  return add(name, "list", summary, parsed(parse, target, "comma separated values"), [&target] { return format_list(target); });
}

Setting& Spec::bytes(std::string_view name, std::uint64_t& target, std::string_view summary) {
  return add(name, "bytes", summary, parsed(parse_bytes, target, "a size such as 64KiB, 10MB or 1GiB"),
             [&target] { return format_bytes(target); });
}

Setting& Spec::duration(std::string_view name, std::chrono::milliseconds& target, std::string_view summary) {
  return add(name, "duration", summary, parsed(parse_duration, target, "a duration such as 250ms, 5s, 2m or 1h"),
             [&target] { return format_duration(target); });
}

Setting& Spec::number(std::string_view name, std::int64_t least, std::int64_t most, std::string_view summary,
                      std::function<void(std::int64_t)> set, Setting::Show show) {
  const auto assign = [least, most, set = std::move(set)](const std::string& text) -> std::optional<std::string> {
    const auto value = parse_number(text);
    if (!value || *value < least || *value > most) return fmt::format("a whole number within {}..{}", least, most);
    set(*value);
    return std::nullopt;
  };
  return add(name, "number", summary, assign, std::move(show));
}

}  // namespace pkg::config
