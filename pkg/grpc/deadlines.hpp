#pragma once
// When something may be due, roughly.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

namespace pkg::grpc {

/// The deadlines of timers that were set, of which it is not known which were cancelled: the first in each span of about a second, which is
/// enough to tell a time at which none is due from one at which one may be. Times are milliseconds of any epoch.
class Deadlines {
 public:
  using Ms = std::int64_t;
  static constexpr Ms never = std::numeric_limits<Ms>::max();

  void add(Ms deadline) {
    if (deadline == never) return;
    auto& first = spans_.try_emplace(deadline >> span_bits, deadline).first->second;
    first = std::min(first, deadline);
  }

  /// All timers due before `now` have gone off. Returns until when no timer that was added can be due: `now` in a span of which the first
  /// may have gone off already, and `never` where none is left.
  Ms next_after(Ms now) {
    while (!spans_.empty() && spans_.begin()->first < now >> span_bits) spans_.erase(spans_.begin());
    return spans_.empty() ? never : std::max(spans_.begin()->second, now);
  }

 private:
  static constexpr int span_bits = 10;
  std::map<Ms, Ms> spans_;  ///< by their number
};

}  // namespace pkg::grpc
