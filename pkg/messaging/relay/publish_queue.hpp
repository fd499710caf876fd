#pragma once
// Rows on their way to the broker: of each key one at a time and in the order pushed, of different keys many at once.

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
  void push(OutboxRow row);
  void clear();

  /// The first row of a key whose turn it is; it then counts as in flight until one of the following says otherwise.
  std::optional<OutboxRow> next();

  /// The row is done: its key goes on.
  void done(Seq seq);
  /// The row is to be taken again, not before `at`; its key waits.
  void again(Seq seq, clock::TimePoint at);
  /// How often the row has been taken.
  std::uint32_t attempts(Seq seq) const;
  /// The row itself while it is in flight.
  const OutboxRow* in_flight(Seq seq) const;

  /// Keys whose wait is over, or all of them, are ready again.
  void wake(clock::TimePoint now);
  void wake_all();
  std::optional<clock::TimePoint> next_wake() const;

  bool contains(Seq seq) const { return rows_.contains(seq); }
  std::size_t size() const { return rows_.size(); }
  std::size_t in_flight_count() const { return in_flight_; }
  /// The lowest number here.
  std::optional<Seq> lowest() const;

 private:
  enum class State { ready, in_flight, waiting };
  struct Key {
    std::deque<OutboxRow> rows;
    State state = State::ready;
    std::uint32_t attempts = 0;
    std::string name;
  };
  void make_ready(Key& key);

  std::unordered_map<std::string, Key> keys_;  // nodes stay where they are
  std::map<Seq, Key*> rows_;
  std::deque<Key*> ready_;
  std::multimap<clock::TimePoint, Key*> waiting_;
  std::size_t in_flight_ = 0;
};

}  // namespace pkg::messaging
