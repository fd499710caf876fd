#pragma once
// Hears on the event server what becomes of orders, so that waiting for them costs the mall nothing.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

#include "bench/nats.hpp"
#include "bench/spread.hpp"

namespace mall::bench {

class Approvals {
 public:
  /// Listens when it returns. Throws std::runtime_error.
  explicit Approvals(const std::string& url);
  ~Approvals();
  Approvals(const Approvals&) = delete;
  Approvals& operator=(const Approvals&) = delete;

  /// The order's time counts from `since`; to be called before its checkout. `decided` is called once it is decided, on another thread
  /// and under a lock: it calls nothing here.
  void expect(const std::string& order, Clock::time_point since, std::function<void()> decided = {});
  /// From their `since` to their approval, of those that were approved since the last call.
  Times take_times();
  /// Those that were expected and are not decided yet.
  std::size_t open() const;
  /// Nobody is called for them afterwards.
  void forget_open();

  std::uint64_t approved() const { return approved_; }
  std::uint64_t completed() const { return completed_; }
  /// Rejected or canceled: a load of the bench's has none.
  std::uint64_t failed() const { return failed_; }

 private:
  struct Waiting {
    Clock::time_point since;
    std::function<void()> decided;
  };
  static void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* self);
  void heard(const std::string& type, const std::string& order);

  NatsConnection connection_;
  NatsSubscription subscription_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Waiting> waiting_;
  Times times_;
  std::atomic<std::uint64_t> approved_ = 0, completed_ = 0, failed_ = 0;
};

}  // namespace mall::bench
