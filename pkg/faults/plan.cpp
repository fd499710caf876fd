#include "pkg/faults/plan.hpp"

#include <charconv>

namespace pkg::faults {

std::optional<Fatal> read_fatal(std::string_view text) {
  const auto last = text.rfind('|');
  if (last == std::string_view::npos) return std::nullopt;
  Fatal fatal{std::string(text.substr(0, last)), 0};
  const std::string_view number = text.substr(last + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), fatal.pass);
  const bool is_number = error == std::errc{} && end == number.data() + number.size();
  if (!is_number || fatal.pass == 0 || fatal.point.find('|') == std::string::npos) return std::nullopt;
  return fatal;
}

Plan::Plan(const std::vector<Fatal>& fatal) {
  for (const auto& each : fatal) points_[each.point].fatal.insert(each.pass);
}

std::optional<std::uint64_t> Plan::passes(std::string_view point) {
  const std::scoped_lock lock(mutex_);
  const auto found = points_.find(point);
  if (found == points_.end()) return std::nullopt;
  auto& [fatal, count] = found->second;
  return fatal.contains(++count) ? std::optional(count) : std::nullopt;
}

}  // namespace pkg::faults
