#pragma once
// Port: which messages have had their effect here.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/message.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

struct Admission {
  bool fresh = false;      ///< it has had no effect yet, and is recorded in the unit as having had it
  bool key_waits = false;  ///< messages of its key (and channel) are parked, so it has to wait behind them
};

class Inbox {
 public:
  virtual ~Inbox() = default;
  /// One round trip for all; the answers are in the order of the messages. One that is given twice is fresh once. Fails with
  /// `unavailable`.
  virtual errors::Result<std::vector<Admission>> admit(uow::UnitOfWork& unit, std::span<const Message* const> messages) = 0;

  /// For messages of which none came before and no key waits, as it nearly always is: records them all, without a round trip of its own.
  /// Where it is otherwise the unit fails, at the commit at the latest, with not_all_fresh(); the caller does it again with admit().
  virtual void admit_as_fresh(uow::UnitOfWork& unit, std::span<const Message* const> messages) = 0;

  static errors::Error not_all_fresh() {
    return {
        errors::ErrorKind::conflict, "not_all_fresh", "A message came before, its key waits, or another process handles messages now.", {}};
  }

  /// Forgets the oldest that came before `time`, at most `limit`, and says how many. In no unit.
  virtual errors::Result<std::uint64_t> forget_before(clock::TimePoint time, std::size_t limit) = 0;
};

}  // namespace pkg::messaging
