#pragma once

#include <algorithm>
#include <cstdint>

#include "pkg/clock/clock.hpp"

namespace pkg::messaging {

/// Waits that double from `first` up to `cap`. `spread` is the share, in percent, by which a wait may be shortened, so that what
/// failed together does not come back together.
struct Backoff {
  clock::Duration first{std::chrono::milliseconds(100)};
  clock::Duration cap{std::chrono::seconds(5)};
  std::uint32_t spread = 20;

  /// `attempt` counts from 1; `random` is any number.
  clock::Duration wait(std::uint32_t attempt, std::uint64_t random) const {
    const std::uint32_t doublings = attempt == 0 ? 0 : std::min<std::uint32_t>(attempt - 1, 30);
    const std::int64_t factor = std::int64_t{1} << doublings;
    const clock::Duration full = first >= cap / factor ? cap : clock::Duration(first * factor);
    const auto share = spread == 0 ? 0 : static_cast<std::int64_t>(random % (spread + 1));
    return full - full * share / 100;
  }
};

}  // namespace pkg::messaging
