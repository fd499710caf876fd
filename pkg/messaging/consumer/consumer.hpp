#pragma once
// The consumer at work: a subscription, lanes, and a thread for each.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "pkg/messaging/backoff.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/consumer/batch_handler.hpp"
#include "pkg/messaging/consumer/lane.hpp"
#include "pkg/messaging/messaging_listener.hpp"

namespace pkg::messaging {

struct ConsumerOptions {
  SubscribeTo subscription;
  std::size_t lanes = 2;      ///< threads, and database connections in use at most
  std::size_t batch = 50;     ///< messages in one transaction at most; see BatchHandler::at_once
  Backoff store_again{.first = std::chrono::milliseconds(100), .cap = std::chrono::seconds(2), .spread = 20};
};

/// Works keys in parallel and each key in order. Deliveries that take long are reported as in progress, so that the broker does not
/// deliver them again meanwhile; while the database is away they are kept and nothing is lost.
class Consumer {
 public:
  /// Called when something was parked.
  using Parked = std::function<void()>;

  /// Starts at once. All arguments outlive it.
  Consumer(Broker& broker, BatchHandler& handler, ConsumerOptions options, Parked parked = {},
           MessagingListener& listener = silent_listener());
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;
  ~Consumer();

  /// Takes nothing more and finishes what has been delivered. False where the limit was too short; the rest is delivered again.
  bool drain(std::chrono::milliseconds limit);

  /// Whether the broker is told that slow deliveries are in progress. Not while somebody else may be the consumer: to him they must come.
  void give_signs(bool give) { gives_signs_ = give; }

 private:
  Lane& lane_of(const Delivery& delivery);
  void work(Lane& lane);
  void give_signs_of_life();
  void end_rest();
  void note_database(bool well);
  void end();

  const ConsumerOptions options_;
  BatchHandler& handler_;
  const Parked parked_;
  MessagingListener& listener_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::unique_ptr<Subscription> subscription_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::atomic<bool> signs_rest_ = true;  ///< nothing is held that a sign could be about; written under the lock
  bool database_well_ = true;
  std::atomic<bool> gives_signs_ = true;
  std::vector<std::thread> threads_;
};

}  // namespace pkg::messaging
