#pragma once
// What all threads of a run look at: what time it is, whether faults still fall, what was found.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace mall::chaos {

/// Milliseconds since 1970 by this machine's clock, which the services' time stamps are from too.
using Millis = std::int64_t;

inline Millis now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Run {
 public:
  /// What the mall has to be done with by then, counted from the last fault.
  static constexpr Millis decision_limit = 30'000;
  static constexpr Millis settling_limit = 60'000;

  /// A fault is over, or hits now.
  void note_fault() { last_fault_ = now(); }
  Millis last_fault() const { return last_fault_; }
  /// Whether what began at `since` has had `limit` without any fault, and is therefore late.
  bool is_late(Millis since, Millis limit) const { return now() - std::max<Millis>(since, last_fault_) > limit; }

  void find(std::string what) {
    const std::scoped_lock lock(mutex_);
    findings_.push_back(std::move(what));
  }
  std::vector<std::string> findings() const {
    const std::scoped_lock lock(mutex_);
    return findings_;
  }

  /// Comes back at that time, or earlier where the run ends.
  void wait_until(std::chrono::steady_clock::time_point time) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, time, [&] { return ended_; });
  }
  void wait(std::chrono::milliseconds time) { wait_until(std::chrono::steady_clock::now() + time); }
  void end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  std::atomic<int> begun = 0;     ///< orders
  std::atomic<int> finished = 0;  ///< orders, in whatever way
  std::atomic<int> unknown = 0;   ///< requests whose outcome had to be found out
  std::atomic<int> strays = 0;    ///< messages that nobody in the mall has sent

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::vector<std::string> findings_;
  std::atomic<Millis> last_fault_ = 0;
};

}  // namespace mall::chaos
