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

/// A message that has had no effect yet, or so it is taken.
struct Expected {
  const Message* message = nullptr;
  bool key_waits = false;
};

class Inbox {
 public:
  virtual ~Inbox() = default;
  /// One round trip for all; the answers are in the order of the messages. One that is given twice is fresh once. Fails with
  /// `unavailable`.
  virtual errors::Result<std::vector<Admission>> admit(uow::UnitOfWork& unit, std::span<const Message* const> messages) = 0;

  /// For messages of which none came before, as it nearly always is, and where it is known whose keys wait: records them all, without a
  /// round trip of its own. Where it is otherwise the unit fails, at the commit at the latest, with not_as_expected(); the caller does it
  /// again with admit().
  virtual void admit_as_expected(uow::UnitOfWork& unit, std::span<const Expected> messages) = 0;

  static errors::Error not_as_expected() {
    return {errors::ErrorKind::conflict,
            "not_as_expected",
            "A message came before, its key waits or no longer does, or another process handles messages now.",
            {}};
  }

  /// Forgets the oldest that came before `time`, at most `limit`, and says how many. In no unit.
  virtual errors::Result<std::uint64_t> forget_before(clock::TimePoint time, std::size_t limit) = 0;
};

}  // namespace pkg::messaging
