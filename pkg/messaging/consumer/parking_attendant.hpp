#pragma once
// Tries parked messages again when they are due, without a thread.

#include <optional>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/consumer/parking_lot.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/messaging_listener.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

/// Of each key the oldest, and when that has succeeded the next at once. A success removes the message in the unit of its effect.
class ParkingAttendant {
 public:
  struct Round {
    bool store_away = false;                        ///< the database is away: try again later
    std::optional<clock::TimePoint> next_due = {};  ///< nothing is due before; nothing where nothing waits
    clock::Duration in_vain{};                      ///< so long it took to try what failed; and to look, where nothing else was found
  };

  /// All arguments outlive it.
  ParkingAttendant(uow::Transactor& transactor, ParkingLot& lot, const Handlers& handlers, const clock::Clock& clock,
                   RetryPolicy retry = {}, MessagingListener& listener = silent_listener())
      : transactor_(transactor), lot_(lot), handlers_(handlers), clock_(clock), retry_(retry), listener_(listener) {}

  /// Tries what is due now, some of it at least: where `next_due` has passed there is more. It stops where so much fails that others
  /// would feel it; the caller waits in proportion to `in_vain`.
  Round go_round();

 private:
  enum class Tried { succeeded, failed, store_away };
  Tried attempt(ParkedMessage parked);
  bool work_off(ParkedMessage parked, clock::Duration& in_vain);

  uow::Transactor& transactor_;
  ParkingLot& lot_;
  const Handlers& handlers_;
  const clock::Clock& clock_;
  const RetryPolicy retry_;
  MessagingListener& listener_;
};

}  // namespace pkg::messaging
