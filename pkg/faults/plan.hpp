#pragma once
// Which passes of which crash points are fatal. Apart from the functions of crash_point.hpp so that it can be tested alive.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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
  explicit Plan(const std::vector<Fatal>& fatal);
  /// Counts a pass; gives its number where it is a fatal one.
  std::optional<std::uint64_t> passes(std::string_view point);

 private:
  struct Passes {
    std::set<std::uint64_t> fatal;
    std::uint64_t count = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Passes, std::less<>> points_;
};

}  // namespace pkg::faults
