#pragma once
// Port: messages that failed and wait to be tried again, and those that wait behind them.
//
// Order is what is promised: of one key (and channel) only the oldest parked message is ever tried, and all later ones wait behind it,
// also when it is dead. A dead one is replayed or discarded by an operator, and then the next is tried.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/backoff.hpp"
#include "pkg/messaging/message.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

/// How often and when a parked message is tried. The defaults are ten tries in about four minutes.
struct RetryPolicy {
  std::uint32_t tries = 10;  ///< the first, by the consumer, included
  Backoff wait{.first = std::chrono::seconds(1), .cap = std::chrono::minutes(1), .spread = 20};
};

enum class ParkedState {
  waiting,
  dead,  ///< waits for an operator
};

struct ParkedMessage {
  std::int64_t position = 0;  ///< given by the lot; ascends in the order in which messages of a key came
  Message message;            ///< of an undecodable one only the channel and the id, which is then made from its bytes
  std::string raw;            ///< all that was received of an undecodable one, else empty
  ParkedState state = ParkedState::waiting;
  std::uint32_t attempts = 0;  ///< 0 where it was only queued behind another
  std::string why;             ///< code and detail of the last failure
  clock::TimePoint parked_at;
  clock::TimePoint next_attempt_at;
};

struct ParkedQuery {
  std::optional<ParkedState> state;
  std::string channel;           ///< empty is all
  std::int64_t after = 0;        ///< a position
  std::size_t limit = 100;
};

struct ParkedCounts {
  std::uint64_t waiting = 0;
  std::uint64_t dead = 0;
};

/// All but park() and remove() are one statement in no unit. Everything fails with `unavailable` while the database is away.
class ParkingLot {
 public:
  virtual ~ParkingLot() = default;

  virtual void park(uow::UnitOfWork& unit, const ParkedMessage& parked) = 0;
  /// The unit fails with `conflict`, code "parked_message_gone", where it is not there any more.
  virtual void remove(uow::UnitOfWork& unit, std::int64_t position) = 0;

  /// The oldest of each key, where that is not dead, the soonest due first.
  virtual errors::Result<std::vector<ParkedMessage>> heads(std::size_t limit) = 0;
  /// The next of the same key and channel; nothing where there is none or it is dead.
  virtual errors::Result<std::optional<ParkedMessage>> next_of(const ParkedMessage& parked) = 0;
  /// Writes down another failed attempt: state, attempts, why and next_attempt_at.
  virtual errors::Result<> keep(const ParkedMessage& parked) = 0;

  // For operators.
  virtual errors::Result<std::vector<ParkedMessage>> list(const ParkedQuery& query) = 0;
  virtual errors::Result<ParkedCounts> count() = 0;
  /// Has it tried again from the first attempt on, at once if it is the oldest of its key. Fails with `not_found`, and with `rejected`
  /// for what cannot be decoded.
  virtual errors::Result<> replay(std::int64_t position, clock::TimePoint now) = 0;
  /// Gives it up for good: it will never have an effect here. Fails with `not_found`.
  virtual errors::Result<> discard(std::int64_t position) = 0;
};

}  // namespace pkg::messaging
