#pragma once
// Time is passed in: nothing in domain or app reads a clock of its own.

#include <chrono>
#include <cstdint>
#include <mutex>

namespace pkg::clock {

/// Microseconds are what PostgreSQL keeps, so a time survives a round trip unchanged.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time in UTC. Safe to call from any thread.
  virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
};

/// Stands still until it is moved: for tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint start = TimePoint{std::chrono::seconds{1'700'000'000}}) : now_(start) {}
  TimePoint now() const override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  void advance(Duration by) {
    const std::scoped_lock lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  TimePoint now_;
};

constexpr std::int64_t unix_ms(TimePoint t) { return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count(); }
constexpr std::int64_t unix_us(TimePoint t) { return t.time_since_epoch().count(); }
constexpr TimePoint from_unix_us(std::int64_t us) { return TimePoint{Duration{us}}; }

}  // namespace pkg::clock
