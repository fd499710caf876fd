#pragma once
// What is done with deliveries, without threads: many in one unit of work, and those that fail are parked in it.

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
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

  /// How many to give it at once, where so many are usual. Twice as many while some fail: one that does costs only what is next to it then,
  /// and fewer commits make up for the savepoints.
  std::size_t at_once(std::size_t usual) const { return to_guard_ > 0 ? 2 * usual : usual; }

  /// Which types have a handler, by their full names.
  std::vector<std::string_view> types() const { return handlers_.types(); }

 private:
  /// The failed ones of a batch, by their places in it, with what each said first.
  using Failures = std::map<std::size_t, errors::Error>;
  enum class Admit { as_expected, after_a_look };

  /// What has become of one message so far; counts only once the unit is committed.
  struct Part {
    const Message* message = nullptr;
    std::optional<Admission> admission;  ///< of one that is wanted
    Handling handling = Handling::unwanted;
    std::string why;  ///< it failed
  };
  /// Deliveries on their way through a unit of work.
  struct Run {
    std::span<const Delivery> deliveries;
    Admit how;
    bool has_savepoints = false;
    Failures& failures;  ///< are parked and not handled; grows
    std::vector<Part> parts = {};
    std::deque<Message> stand_ins = {};  ///< for those that cannot be decoded
    std::optional<std::size_t> failed = {};  ///< which one, where the unit fails and it is known
    bool handler_failed = false;  ///< and not a write
    bool goes_on = false;  ///< without the failed one
  };

  struct Attempt {
    bool committed = false;
    bool goes_on = false;  ///< there is one failure more; again without it
    std::optional<std::size_t> culprit = {};  ///< which one is to be handled alone, where that is known
    bool was_tried = false;  ///< its handler has failed already
    bool was_as_expected = true;  ///< false: nothing was wrong but what was expected of the inbox
  };
  static constexpr int careful_batches = 20;  ///< after one in which something came before, or failed
  static constexpr std::size_t redone_at_most = 4;  ///< messages from one savepoint to the next
  static constexpr std::size_t most_waiting = 10'000;  ///< keys that are known to wait; of further ones it shows each time

  bool is_wanted(const Delivery& delivery) const;
  errors::Result<std::vector<Admission>> admit(uow::UnitOfWork& unit, std::span<const Message* const> messages, Admit how);
  errors::Result<> begin(uow::UnitOfWork& unit, Run& run);
  errors::Result<> work(uow::UnitOfWork& unit, Run& run);
  errors::Result<> handle_part(uow::UnitOfWork& unit, std::size_t index, Run& run);
  void park_failed(uow::UnitOfWork& unit, ParkedMessage parked, const errors::Error& error, Part& part);
  static bool waits_behind_a_failure(const Run& run, std::size_t index);
  bool handle_all(std::span<const Delivery> deliveries, Done& done);
  Attempt handle_together(std::span<const Delivery> deliveries, Failures& failures, bool& is_to_look, Done& done);
  Attempt attempt_together(std::span<const Delivery> deliveries, Admit how, Failures& failures, Done& done);
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
  std::atomic<int> to_look_at_ = 0;  ///< batches, before they are handled as if nothing had come before
  std::atomic<int> to_guard_ = 0;  ///< batches, by savepoints
  std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> waiting_;  ///< channels and keys, by what was seen last
};

}  // namespace pkg::messaging
