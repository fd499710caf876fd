#pragma once
// The port to an event server. A broker is supported when it passes the conformance suite (pkg/messaging/testing).

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/message.hpp"

namespace pkg::messaging {

/// Proof that a broker keeps a message.
struct Stored {
  std::uint64_t sequence = 0;  ///< ascends within one stream identity
  bool duplicate = false;      ///< the broker had this id already and did not store it twice
  friend bool operator==(const Stored&, const Stored&) = default;
};

enum class PublishFailure {
  unconfirmed,  ///< no confirmation came in time or the connection broke: it may or may not be stored; publish again
  refused,      ///< the broker will never take this message (too large, no such channel): publishing again fails again
};

using PublishResult = std::expected<Stored, PublishFailure>;

/// Whether the broker is still the one that confirmed what it confirmed.
struct StreamState {
  std::string identity;             ///< changes when the broker's storage was made anew
  std::uint64_t last_sequence = 0;  ///< of the newest message stored
  friend bool operator==(const StreamState&, const StreamState&) = default;
};

/// Where one group stands in one channel.
struct GroupPosition {
  std::string group;
  std::string channel;
  std::uint64_t handled = 0;  ///< it has acknowledged all of the channel's messages up to this sequence
  friend bool operator==(const GroupPosition&, const GroupPosition&) = default;
};

/// What the broker knows of its groups at one moment.
struct Positions {
  StreamState stream;
  std::vector<GroupPosition> groups;  ///< a group that has nothing left in a channel stands at stream.last_sequence there, or beyond
};

/// One message as it came. Where `undecodable` is not empty only the channel of `message` means something, and `raw` holds all that was
/// received.
struct Delivery {
  Message message;
  std::string undecodable;      ///< why the envelope could not be read; empty for a good one
  std::string raw;              ///< headers and body of an undecodable one
  std::uint64_t tag = 0;        ///< names this delivery towards its subscription
  std::uint32_t attempt = 1;    ///< 1 the first time
  std::uint64_t sequence = 0;   ///< ascends with the broker's order of a channel's messages of one key; the same in every attempt
  std::uint32_t part = 0;       ///< which one of those that the broker stored as one, under the same sequence
  clock::TimePoint stored_at{};  ///< when the broker stored it, by its clock, the same in every attempt; the epoch where it does not say
  std::chrono::steady_clock::time_point received_at{};  ///< the consumer's own note
};

/// Where a consumer stands in its channels is kept by the broker under the group's name.
struct SubscribeTo {
  std::string group;                              ///< one per service: "ordering"; a word of [A-Za-z0-9_-]
  std::vector<std::string> channels;
  /// At most so many deliveries are out and not acknowledged; a broker may share it out evenly among the channels, at least one for each,
  /// and count as one what it stored as one, sixteen messages at most.
  std::size_t window = 1024;
  std::chrono::milliseconds ack_wait{5000};  ///< an unacknowledged one is delivered again after this long
  /// The types of messages that are wanted, by their full names; empty: all. A message of another type is done for the group without
  /// being delivered, and takes no place of the window behind which one that is wanted would wait. One whose type cannot be told is
  /// delivered. One that the group's next subscription wants may come to that one yet.
  std::vector<std::string> types = {};
};

/// A running subscription; destroying it stops deliveries, and no callback runs after the destructor has returned. What is not
/// acknowledged by then comes to the next subscription of the group at once, before anything newer; the same after a crash.
class Subscription {
 public:
  virtual ~Subscription() = default;
  /// Done with these, for good. Cheap; may be batched. An acknowledgement that gets lost leads to another delivery, and one of a part of
  /// what the broker stored as one counts for this subscription; for the next one when all of it is acknowledged.
  virtual void acknowledge(std::span<const std::uint64_t> tags) = 0;
  /// Still at work on these: starts their ack_wait again.
  virtual void in_progress(std::span<const std::uint64_t> tags) = 0;
  /// Not done; deliver again after the delay.
  virtual void release(std::span<const std::uint64_t> tags, std::chrono::milliseconds delay) = 0;
};

class Broker {
 public:
  /// Called once per publish, from any thread, perhaps before publish() has returned.
  using Published = std::function<void(PublishResult)>;
  /// Called on a thread of the broker's; must not block. Messages of one key come in the order in which they were stored, but for
  /// redeliveries.
  using OnDelivery = std::function<void(Delivery)>;
  /// Called when the connection comes (true) or goes (false).
  using OnConnection = std::function<void(bool)>;

  /// What has not been answered yet is answered (`unconfirmed`) before the destructor returns; nothing is called back afterwards.
  /// Subscriptions may end later; they are silent then.
  virtual ~Broker() = default;

  /// Hands a message over and returns at once; `published` tells when it is stored. Within the broker's deduplication time the
  /// same id is stored once.
  virtual void publish(const Message& message, Published published) = 0;

  /// What `publishing` publishes on this thread may leave together when it returns, and be stored as one: then the broker knows it again
  /// where the same messages come together again. Messages of one key are stored in the order in which they are published.
  virtual void gather(const std::function<void()>& publishing) { publishing(); }

  /// Starts deliveries, also while the broker is away: they begin when it comes. A new group gets the channels' whole history,
  /// and so does one of a channel that it did not read before. Subscriptions of one group that begin together are to the same channels.
  virtual std::unique_ptr<Subscription> subscribe(SubscribeTo what, OnDelivery on_delivery) = 0;

  /// Asks the broker; fails with `unavailable`. Not to be called from `published` or a delivery: its answer may need their thread.
  virtual errors::Result<StreamState> state() = 0;

  /// Where the groups stand that have ever subscribed to one of these channels, as far as the broker remembers them. Fails as state()
  /// does, and is not to be called from where that is not. An acknowledgement may be seen a moment late, never early.
  virtual errors::Result<Positions> positions(std::span<const std::string> channels) = 0;

  virtual bool is_connected() const = 0;
  /// The listener hears of changes from now on, in order, and must outlive the broker. It may call state().
  virtual void on_connection(OnConnection listener) = 0;
};

}  // namespace pkg::messaging
