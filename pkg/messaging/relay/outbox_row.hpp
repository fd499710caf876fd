#pragma once
// What the outbox keeps of a message, and what a writer tells the relay about its commit.

#include <compare>
#include <cstdint>
#include <memory>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/message.hpp"

namespace pkg::messaging {

/// A row's place in the outbox. The database hands numbers out when rows are inserted, so they ascend with cause and effect: who
/// could see a row when it inserted its own has the higher number. They are committed in another order, and a roll back leaves a gap.
using Seq = std::uint64_t;

/// One or several messages of a unit of work, in the order in which it added them.
struct OutboxRow {
  Seq seq = 0;
  std::vector<std::shared_ptr<const Message>> messages;  // shared by the relay's queue and a publish under way
  clock::TimePoint handed_over_at{};  ///< on a steady clock, by the relay; the epoch where it was found by a sweep
};

/// Which message of which row.
struct OutboxPlace {
  Seq seq = 0;
  std::uint32_t part = 0;
  friend auto operator<=>(const OutboxPlace&, const OutboxPlace&) = default;
};

/// A message of a row by itself.
struct OutboxMessage {
  OutboxPlace place;
  std::shared_ptr<const Message> message;  // shared as above
  clock::TimePoint handed_over_at{};       ///< the row's
};

/// Names one commit towards the relay; ascends in the order of the announcements.
using Ticket = std::uint64_t;

/// Port of the relay towards those who write outbox rows in this process. Safe to use from any thread; never blocks on I/O but
/// for handing messages to the broker.
class CommitListener {
 public:
  virtual ~CommitListener() = default;
  /// True where it publishes what is committed now, and false where another process finds it in the database.
  virtual bool leads() const = 0;
  /// To be called before the rows get their numbers, just before COMMIT is sent.
  virtual Ticket announced() = 0;
  /// These rows are durable.
  virtual void committed(Ticket ticket, std::vector<OutboxRow> rows) = 0;
  virtual void rolled_back(Ticket ticket) = 0;
  /// The connection broke on COMMIT: the rows may be durable or not.
  virtual void unknown(Ticket ticket) = 0;
};

}  // namespace pkg::messaging
