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

bool Plan::passes(std::string_view point) {
  if (!fatal_ || point != fatal_->point) return false;
  const std::scoped_lock lock(mutex_);
  return ++count_ == fatal_->pass;
}

}  // namespace pkg::faults
