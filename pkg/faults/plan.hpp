#pragma once
// Which pass of which crash point is the last one. Apart from the functions of crash_point.hpp so that it can be tested alive.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace pkg::faults {

struct Fatal {
  std::string point;       ///< "unit.committed|message mallbots.ordering.v1.OrderCreated"
  std::uint64_t pass = 1;  ///< the first is 1
  friend bool operator==(const Fatal&, const Fatal&) = default;
};

/// Reads "point|about|pass". Nothing where it is anything else.
std::optional<Fatal> read_fatal(std::string_view text);

class Plan {
 public:
  explicit Plan(std::optional<Fatal> fatal) : fatal_(std::move(fatal)) {}
  /// Counts a pass; true where it is the fatal one.
  bool passes(std::string_view point);

 private:
  const std::optional<Fatal> fatal_;
  std::mutex mutex_;
  std::uint64_t count_ = 0;
};

}  // namespace pkg::faults
