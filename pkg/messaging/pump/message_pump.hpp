#pragma once
// Everything that moves messages in and out of one service, as one thing to start and stop.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/consumer/batch_handler.hpp"
#include "pkg/messaging/consumer/consumer.hpp"
#include "pkg/messaging/consumer/inbox.hpp"
#include "pkg/messaging/consumer/parking_attendant.hpp"
#include "pkg/messaging/consumer/parking_lot.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/messaging_listener.hpp"
#include "pkg/messaging/pump/leadership.hpp"
#include "pkg/messaging/relay/relay.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

struct PumpOptions {
  ConsumerOptions consumer;   ///< without channels nothing is consumed
  RetryPolicy retry;
  std::chrono::milliseconds leadership_interval{1000};  ///< how often a stand-by asks for the lead, and who is not sure of it
  std::chrono::milliseconds leadership_patience{30'000};  ///< how long a leader waits for a database that does not say whether he still is
  std::chrono::milliseconds parked_interval{30'000};  ///< how often the parking lot is looked at though nobody said a word
  std::chrono::hours inbox_retention{24 * 7};  ///< longer than the outbox's and the broker's redeliveries together
  std::chrono::minutes inbox_clean_interval{10};
};

struct PumpParts {
  Relay& relay;
  Broker& broker;
  uow::Transactor& transactor;
  Inbox& inbox;
  ParkingLot& lot;
  const Handlers& handlers;
  Leadership& leadership;
  const clock::Clock& clock;
};

/// Of all processes on one database one leads: it relays, consumes and works the parking lot, so that each key stays in order. The
/// others stand by and take over when the leader is gone. What he had out and did not acknowledge the broker gives the new one before
/// anything newer (see messaging::Subscription), so that a key's order holds.
class MessagePump {
 public:
  /// Starts at once. The parts outlive it.
  MessagePump(PumpParts parts, PumpOptions options, MessagingListener& listener = silent_listener());
  MessagePump(const MessagePump&) = delete;
  MessagePump& operator=(const MessagePump&) = delete;
  /// Without drain() it stops at once; nothing is lost by that.
  ~MessagePump();

  /// What a process does first when it is to end: takes no more messages, handles those that were delivered, publishes what is committed,
  /// and lets go of the lead, so that another process need not wait until all calls are over. It does not take the lead again, but for
  /// drain(). False where the limit was too short; nothing is lost by that. The service may still commit.
  bool hand_over(std::chrono::milliseconds limit);

  /// hand_over(), and the end. What was committed after the lead was let go of is published, unless another process leads by now: then that
  /// one finds it. The service may still commit meanwhile.
  bool drain(std::chrono::milliseconds limit);

  bool leads() const { return leads_; }
  /// Parked messages were replayed or discarded: looks at them now.
  void look_at_parked();

 private:
  void keep_leading();
  void attend_parked();
  bool look_at_leadership(std::chrono::milliseconds patience);
  bool publish_the_rest(std::chrono::steady_clock::time_point deadline);
  void start_leading();
  void stop_leading();
  bool clean_inbox();
  bool wait_to_end(std::unique_lock<std::mutex>& lock, std::chrono::steady_clock::time_point until);

  PumpParts parts_;
  const PumpOptions options_;
  MessagingListener& listener_;
  BatchHandler handler_;
  ParkingAttendant attendant_;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  bool ended_ = false;
  bool handled_all_ = true;  ///< of what was delivered, when the lead was let go of
  bool left_some_ = false;  ///< of what was committed until then
  std::uint64_t passed_over_ = 0;  ///< the relay's figure when the lead was let go of
  bool look_now_ = false;
  std::atomic<bool> leads_ = false;
  std::mutex consumer_mutex_;  // taken before mutex_
  std::unique_ptr<Consumer> consumer_;
  std::chrono::steady_clock::time_point last_known_;  // of the leader's thread: when the database last said who leads
  std::thread leader_thread_;
  std::thread parked_thread_;
};

}  // namespace pkg::messaging
