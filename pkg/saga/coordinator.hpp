#pragma once
// Runs sagas of one name: the engine between a store and the outbox. Every call works in the caller's unit of work.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/message.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/saga/wake_times.hpp"
#include "pkg/saga_engine/definition.hpp"
#include "pkg/saga_engine/engine.hpp"
#include "pkg/saga_engine/saga_store.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::saga {

enum class Outcome {
  applied,       ///< the saga moved on
  ignored,       ///< known, but it changes nothing now: late, doubled, foreign, or after the end
  unknown_saga,  ///< a reply for a saga that is not here
};

struct CoordinatorOptions {
  std::string source;                                           ///< of the commands: "/mallbots/cosec"
  std::string reply_channel;                                    ///< where the participants' replies are awaited
  clock::Duration wake_grain = std::chrono::milliseconds{250};  ///< time-outs come up to this late
  clock::Duration refused_pause = std::chrono::minutes{1};      ///< how long due() leaves a saga alone that it cannot go on with
  std::function<void(const State&)> on_alert{};  ///< a saga's alert was raised or cleared; which, its `alert` says. Called in the unit of
                                                 ///< work that saves it, so again where that is run again.
};

/// Safe from any thread. All calls fail with `contended` where somebody else moved the same saga (the transactor runs the work again), as
/// the store does, and with `internal` "unknown_saga_definition" where a saga follows a version that is not known here.
class Coordinator {
 public:
  /// The references must outlive the coordinator.
  Coordinator(Definitions definitions, SagaStore& store, messaging::Outbox& outbox, const clock::Clock& clock, CoordinatorOptions options);

  /// Begins a saga by the current definition. Ignored where one of this id has begun or was canceled before it began.
  errors::Result<Outcome> start(uow::UnitOfWork& unit, std::string_view id, std::string data);

  /// Takes a participant's reply (type saga::reply_type). Fails with `malformed` where it is none of ours or its payload cannot be read.
  errors::Result<Outcome> on_reply(uow::UnitOfWork& unit, const messaging::Message& message);

  /// Calls a saga off. One that has not begun never will.
  errors::Result<Outcome> cancel(uow::UnitOfWork& unit, std::string_view id);

  /// Moves on what has waited long enough, at most `limit` sagas, and looks up when the next one wants to be woken. Returns how many were
  /// due; as many as `limit`: call again at once. A saga that cannot be moved gets its alert raised and does not stop the others.
  errors::Result<std::size_t> due(uow::UnitOfWork& unit, clock::TimePoint now, std::size_t limit);

  /// When due() should be called next; nothing while no saga waits. Known from memory: what this process saved, and what due() found.
  std::optional<clock::TimePoint> next_wake() const { return wakes_.next(); }
  /// Returns when next_wake() or `latest` has come, or a stop is requested. For a thread that calls due(), such as Timer's.
  void wait_for_wake(const std::stop_token& stop, clock::TimePoint latest) const { wakes_.wait(stop, clock_, latest); }

  const Definitions& definitions() const { return definitions_; }

 private:
  errors::Result<Transition> turn(State state, const Input& input) const;
  errors::Result<Outcome> give(uow::UnitOfWork& unit, std::string_view id, const Input& input);
  errors::Result<> commit(uow::UnitOfWork& unit, const State& before, Transition transition);
  errors::Result<> put_aside(uow::UnitOfWork& unit, State state, const errors::Error& why, clock::TimePoint now);
  messaging::Message message_of(const uow::UnitOfWork& unit, const State& state, Command command) const;

  const Definitions definitions_;
  SagaStore& store_;
  messaging::Outbox& outbox_;
  const clock::Clock& clock_;
  const CoordinatorOptions options_;
  WakeTimes wakes_;
};

/// Reads a participant's reply; nothing where it is not one.
std::optional<Reply> reply_of(const messaging::Message& message);

}  // namespace pkg::saga
