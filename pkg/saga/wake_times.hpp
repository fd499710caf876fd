#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>

#include "pkg/clock/clock.hpp"

namespace pkg::saga {

/// When the sagas of this process want to be woken, rounded up to a grain so that thousands of them wake together. Holds at most
/// one time per grain. Safe from any thread.
class WakeTimes {
 public:
  explicit WakeTimes(clock::Duration grain) : grain_(grain) {}

  void note(clock::TimePoint at) {
    const auto since_epoch = at.time_since_epoch();
    const auto rest = since_epoch % grain_;
    const clock::TimePoint rounded{rest == clock::Duration::zero() ? since_epoch : since_epoch - rest + grain_};
    const std::scoped_lock lock(mutex_);
    const bool is_new = times_.insert(rounded).second;
    if (is_new && *times_.begin() == rounded) earlier_.notify_all();
  }

  /// Forgets what has passed.
  void drop_until(clock::TimePoint now) {
    const std::scoped_lock lock(mutex_);
    times_.erase(times_.begin(), times_.upper_bound(now));
  }

  std::optional<clock::TimePoint> next() const {
    const std::scoped_lock lock(mutex_);
    return times_.empty() ? std::nullopt : std::optional(*times_.begin());
  }

  /// Returns when next() or `latest` has come, whichever is earlier by then, or a stop is requested.
  void wait(const std::stop_token& stop, const clock::Clock& clock, clock::TimePoint latest) const {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      const auto wake = times_.empty() ? latest : std::min(latest, *times_.begin());
      const auto left = wake - clock.now();
      if (left <= clock::Duration::zero()) return;
      earlier_.wait_for(lock, stop, left, [&] { return !times_.empty() && *times_.begin() < wake; });
    }
  }

 private:
  const clock::Duration grain_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any earlier_;
  std::set<clock::TimePoint> times_;
};

}  // namespace pkg::saga
