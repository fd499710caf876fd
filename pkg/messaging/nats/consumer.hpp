#pragma once
// One subscription: its durable consumers on the server, its open pulls, and what it has out.

#include <atomic>
#include <chrono>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/nats/bundle.hpp"
#include "pkg/messaging/nats/connection.hpp"
#include "pkg/messaging/nats/protocol.hpp"
#include "pkg/messaging/nats/sources.hpp"
#include "pkg/messaging/nats/unacknowledged.hpp"

namespace pkg::messaging::nats {

/// A pull is always open at every consumer, so that the server sends a message the moment it is stored; it is filled up as messages
/// come. What may be out is bounded by the server (max_ack_pending). resume() and suspend() belong to the broker's own thread.
class Consumer : public std::enable_shared_from_this<Consumer> {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `wants_attention` is called, from any thread and between resume() and suspend() only, when needs_resume() has become true.
  Consumer(std::shared_ptr<const NatsOptions> options, SubscribeTo what, Broker::OnDelivery on_delivery,
           std::function<void()> wants_attention);

  /// Makes the consumers if they are missing and starts deliveries, on a connection to a stream of this identity. What is out under
  /// another identity is forgotten. Gives an error's text; the subscription then needs_resume() again.
  std::optional<std::string> resume(std::shared_ptr<Connection> connection, const std::string& identity, const Ask& ask);
  /// The connection is gone, or the broker is about to be.
  void suspend();
  /// A consumer was lost on the server, or it is silent for longer than it can be.
  bool needs_resume(Time now) const;
  /// When to look at needs_resume() again, where nothing happens before.
  std::optional<Time> next_look() const;

  void acknowledge(std::span<const std::uint64_t> tags);
  void in_progress(std::span<const std::uint64_t> tags);
  void release(std::span<const std::uint64_t> tags, std::chrono::milliseconds delay);
  /// No callback runs afterwards, but for one that this is called from.
  void end();
  bool has_ended() const { return has_ended_; }
  const std::vector<std::string>& channels() const { return what_.channels; }

 private:
  struct Reading {
    Source source;
    std::size_t id;  ///< of its durable name, for as long as this lives
    std::size_t open = 0;  ///< so many messages the server may still send without being asked again
    bool is_proven = false;  ///< the server has sent something since resume()
    Time silent_until{};     ///< by then the server has said something, or the pull is lost
  };

  std::size_t share() const;
  void forget_another(const std::string& identity);
  void settle_late(Connection& connection);
  /// Gives an error's text.
  std::optional<std::string> find_sources(const Ask& ask);
  std::optional<std::string> make(const Reading& reading, Connection& connection, const Ask& ask);
  void give_back(const Reading& reading, const ConsumerState& state, Connection& connection, const Ask& ask);
  void on_message(const Incoming& incoming);
  void on_status(const Incoming& incoming);
  void deliver(const Incoming& incoming);
  static std::expected<std::vector<Enclosed>, std::string> messages_in(const Incoming& incoming);
  static void read(Delivery& delivery, const Enclosed& enclosed);
  bool is_unwanted(const Enclosed& message) const;
  void pull(Reading& reading);
  void answer(std::span<const std::string> replies, std::string_view text);
  void answer_for(std::span<const std::uint64_t> tags, std::string_view text);
  void lose();

  const std::shared_ptr<const NatsOptions> options_;  // shared with the broker
  const SubscribeTo what_;
  const Broker::OnDelivery on_delivery_;
  const std::function<void()> wants_attention_;

  mutable std::mutex mutex_;
  std::vector<Reading> readings_;  ///< changed by resume() alone, while there are no deliveries
  std::map<std::string, std::size_t> ids_;  ///< by durable name
  std::shared_ptr<Connection> connection_;  // shared with the broker; null while suspended
  std::unique_ptr<Inbox> inbox_;
  std::string inbox_name_;
  std::string identity_;
  Unacknowledged unacknowledged_;
  std::vector<std::string> settled_while_away_;  ///< replies to acknowledge when the same stream is back
  bool is_lost_ = true;
  std::atomic<bool> has_ended_ = false;  ///< set under the lock
};

}  // namespace pkg::messaging::nats
