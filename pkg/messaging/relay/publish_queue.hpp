#pragma once
// Messages on their way to the broker: of each key one at a time and in the order pushed, of different keys many at once.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/relay/outbox_row.hpp"

namespace pkg::messaging {

class PublishQueue {
 public:
  /// All messages of the row.
  void push(OutboxRow row);
  void clear();

  /// The first message of a key whose turn it is; it then counts as in flight until one of the following says otherwise.
  std::optional<OutboxMessage> next();

  /// The message is done: its key goes on.
  void done(const OutboxPlace& place);
  /// The message is to be taken again, not before `at`; its key waits.
  void again(const OutboxPlace& place, clock::TimePoint at);
  /// How often the message has been taken.
  std::uint32_t attempts(const OutboxPlace& place) const;
  /// The message itself while it is in flight.
  const OutboxMessage* in_flight(const OutboxPlace& place) const;

  /// Keys whose wait is over, or all of them, are ready again.
  void wake(clock::TimePoint now);
  void wake_all();
  std::optional<clock::TimePoint> next_wake() const;

  /// Messages here.
  std::size_t size() const { return messages_.size(); }
  std::size_t in_flight_count() const { return in_flight_; }
  /// The lowest number of a row that has messages here.
  std::optional<Seq> lowest() const;

 private:
  enum class State { ready, in_flight, waiting };
  struct Key {
    std::deque<OutboxMessage> messages;
    State state = State::ready;
    std::uint32_t attempts = 0;
    std::string name;
  };
  void make_ready(Key& key);

  std::unordered_map<std::string, Key> keys_;  // nodes stay where they are
  std::map<OutboxPlace, Key*> messages_;
  std::deque<Key*> ready_;
  std::multimap<clock::TimePoint, Key*> waiting_;
  std::size_t in_flight_ = 0;
};

}  // namespace pkg::messaging
