#pragma once
// Many people at once, and what they make of the mall's times and memory.

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/mall/journeys.hpp"

namespace mall::testing {

/// Times and memory are bounded where the program is built as it is delivered; a sanitizer takes many times as much of both.
#if defined(MALL_SANITIZED)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

/// So many shoppers, registered and signed in.
std::vector<Visitor> a_crowd(const RunningMall& mall, std::size_t size);

/// Does `act(i)` for each i below `size`, each on a thread of its own, all let go at the same moment. Returns when all are done.
void all_at_once(std::size_t size, const std::function<void(std::size_t)>& act);

/// Does `act(i)` for each i below `size` on so many threads.
void on_threads(std::size_t threads, std::size_t size, const std::function<void(std::size_t)>& act);

/// The smallest of the values that is not exceeded by this share of them (0.99). Of at least one value.
std::chrono::microseconds quantile(std::vector<std::chrono::microseconds> values, double share);

/// From `since` until the order was approved, by the order's own history; the order is approved by now.
std::chrono::microseconds time_to_approval(const Visitor& shopper, const std::string& order, std::chrono::system_clock::time_point since);

/// What a process has of the machine's memory, in KiB.
struct Memory {
  std::size_t resident = 0;
  std::size_t peak = 0;  ///< the most it has had since it started, or since forget_peak()
};
Memory memory_of(pid_t process);
void forget_peak(pid_t process);

/// The processor time that a process has had so far, threads that have ended included; of one that is gone, nothing.
std::chrono::nanoseconds cpu_time_of(pid_t process);

/// How far the memory of each service grows from now on.
class MemoryWatch {
 public:
  explicit MemoryWatch(RunningMall& mall);
  /// The test fails where a service has had so much more at any time, if it is built as it is delivered.
  void expect_growth_below(std::size_t mib) const;
  /// "users 3, stores 12 …" in MiB, at the peak.
  std::string growth() const;

 private:
  std::size_t growth_of(const std::string& service, std::size_t before) const;

  RunningMall& mall_;
  std::map<std::string, std::size_t> before_;  ///< by service, in KiB
};

}  // namespace mall::testing
