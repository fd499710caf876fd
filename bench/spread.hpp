#pragma once
// How times are spread.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <vector>

namespace mall::bench {

using Clock = std::chrono::steady_clock;
using Times = std::vector<std::chrono::nanoseconds>;

inline double in_ms(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }

/// In milliseconds.
struct Spread {
  std::size_t count = 0;
  double p50 = 0, p90 = 0, p99 = 0, most = 0;
};

inline Spread spread_of(Times times) {
  if (times.empty()) return {};
  std::ranges::sort(times);
  const auto at = [&](double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times.size())));
    return in_ms(times[std::max<std::size_t>(rank, 1) - 1]);
  };
  return {times.size(), at(0.5), at(0.9), at(0.99), in_ms(times.back())};
}

}  // namespace mall::bench
