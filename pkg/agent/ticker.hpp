#pragma once
// Work that is done again and again: expiry, clean-up, a simulated robot.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/log/logger.hpp"

namespace pkg::agent {

/// One thread for all of a service's periodic tasks; none while there is no task. A task that fails is logged, at the first failure
/// and when it works again, and is done again at its next time, or `after_failure` where that is sooner. A task that throws ends the
/// process, because nobody would notice that it has stopped.
class Ticker {
 public:
  /// Gives how long to wait until the next round instead of the interval, where it knows better (zero: at once).
  using Task = std::function<errors::Result<std::optional<std::chrono::milliseconds>>()>;

  explicit Ticker(log::Logger log, std::chrono::milliseconds after_failure = std::chrono::seconds{5})
      : log_(std::move(log)), after_failure_(after_failure) {}
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  /// Before start(). The first round is one interval after the start.
  void every(std::chrono::milliseconds interval, std::string name, Task task);
  void start();
  /// Returns when the round under way is over.
  void stop();

  /// Does a task's next round within so long at the latest; from any thread.
  void wake(const std::string& name, std::chrono::milliseconds within = std::chrono::milliseconds{0});

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Entry {
    std::string name;
    std::chrono::milliseconds interval;
    Task task;
    Time due;
    bool failing = false;
  };

  void run();
  void do_round(Entry& entry);

  log::Logger log_;
  const std::chrono::milliseconds after_failure_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;  // not changed after start(), but for `due`, which mutex_ guards
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace pkg::agent
