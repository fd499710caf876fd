#pragma once
// Publishes that wait for their confirmation.

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "pkg/messaging/broker.hpp"

namespace pkg::messaging::nats {

/// Each is taken out once. Safe from any thread.
class Confirmations {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Deadlines must not descend from call to call by more than a caller cares about: they are looked at in order.
  std::uint64_t add(Broker::Published published, Time deadline);
  /// Null where it was taken already, or never added.
  Broker::Published take(std::uint64_t token);
  std::vector<Broker::Published> take_expired(Time now);
  std::vector<Broker::Published> take_all() { return take_expired(Time::max()); }
  std::optional<Time> next_deadline() const;

 private:
  struct Waiting {
    Broker::Published published;  ///< null once taken
    Time deadline;
  };
  void drop_taken();

  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;  ///< the front one is never a taken one
  std::uint64_t first_ = 1;      ///< token of the front one
};

}  // namespace pkg::messaging::nats
