#pragma once
// What is done with deliveries, without threads: many in one unit of work, and where that fails the one at fault alone.

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/consumer/inbox.hpp"
#include "pkg/messaging/consumer/parking_lot.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/messaging_listener.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

/// Promises: a message's effect and the record of it commit together, so a doubled one has no second effect; each key is handled in
/// order; no message is dropped. A failing message is parked with those of its key behind it. A handler that says `malformed`, and a
/// message that cannot be decoded, are dead at once.
class BatchHandler {
 public:
  struct Done {
    std::size_t count = 0;     ///< so many from the front may be acknowledged
    bool store_away = false;   ///< the database did not take the next one, not even to park it: try again later
    bool parked = false;       ///< something was parked that is to be tried again
  };

  /// All arguments outlive it. Safe to use from several threads for different keys.
  BatchHandler(uow::Transactor& transactor, Inbox& inbox, ParkingLot& lot, const Handlers& handlers, const clock::Clock& clock,
               RetryPolicy retry = {}, MessagingListener& listener = silent_listener())
      : transactor_(transactor), inbox_(inbox), lot_(lot), handlers_(handlers), clock_(clock), retry_(retry), listener_(listener) {}

  /// Blocks until they are done, in their order, or the database is away.
  Done handle(std::span<const Delivery> deliveries);

 private:
  /// What one run of the work came to; counts only once it is committed.
  struct Run {
    std::vector<std::pair<const Message*, Handling>> handlings;
    bool handler_failed = false;
    std::optional<std::size_t> failed;  ///< which one, where it is known
    bool parked = false;
  };

  struct Attempt {
    bool committed = false;
    std::optional<std::size_t> culprit = {};  ///< which one is to be handled alone, where that is known
    bool was_tried = false;                   ///< its handler has failed already
    bool was_as_expected = true;              ///< false: nothing was wrong but what was expected of the inbox
  };
  enum class Admit { as_expected, after_a_look };
  static constexpr int careful_batches = 20;           ///< that are looked at after one that was not as expected
  static constexpr std::size_t most_waiting = 10'000;  ///< keys that are known to wait; of further ones it shows each time

  bool is_wanted(const Delivery& delivery) const;
  errors::Result<std::vector<Admission>> admit(uow::UnitOfWork& unit, std::span<const Message* const> messages, Admit how);
  errors::Result<> work(uow::UnitOfWork& unit, std::span<const Delivery> deliveries, Admit admit, Run& run);
  bool handle_all(std::span<const Delivery> deliveries, Done& done);
  Attempt handle_together(std::span<const Delivery> deliveries, Done& done);
  Attempt attempt_together(std::span<const Delivery> deliveries, Admit admit, Done& done);
  bool handle_alone(const Delivery& delivery, bool was_tried, Done& done);
  bool park(const Delivery& delivery, const errors::Error& error, Done& done);
  void report(const Run& run, Done& done);
  bool is_known_to_wait(const Message& message);
  void note(const Message& message, bool key_waits);

  uow::Transactor& transactor_;
  Inbox& inbox_;
  ParkingLot& lot_;
  const Handlers& handlers_;
  const clock::Clock& clock_;
  const RetryPolicy retry_;
  MessagingListener& listener_;
  std::atomic<int> careful_ = 0;  ///< batches that are still to be looked at
  std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> waiting_;  ///< channels and keys, by what was seen last
};

}  // namespace pkg::messaging
