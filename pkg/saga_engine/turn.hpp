#pragma once
// How the engine makes a transition. Internal to pkg/saga.

#include <cstddef>
#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/saga_engine/definition.hpp"
#include "pkg/saga_engine/engine.hpp"
#include "pkg/saga_engine/state.hpp"

namespace pkg::saga {

/// One transition while it is being made.
class Turn {
 public:
  Turn(const Definition& definition, State state, clock::TimePoint now) : definition_(definition), now_(now) {
    turn_.state = std::move(state);
  }

  errors::Result<> on(const Started& started);
  errors::Result<> on(const Reply& reply);
  errors::Result<> on(const TimedOut&);
  errors::Result<> on(const Cancel&);

  /// The transition, once the input was taken.
  Transition finish();

 private:
  State& state() { return turn_.state; }
  const Step& step(std::size_t at) const { return definition_.steps[at]; }
  const Step& current() const { return step(turn_.state.in_flight->step); }

  errors::Result<> forward_from(std::size_t at);
  errors::Result<> undo_next();
  errors::Result<> send(std::size_t at, Direction direction);
  errors::Result<> send_again();
  errors::Result<> put_out();
  errors::Result<> step_replied(const Reply& reply);
  errors::Result<> compensation_replied(const Reply& reply);
  errors::Result<> step_timed_out();
  void end(Status status, std::string_view what);
  void ignore(const Reply& reply);
  void alert_if_due();
  void clear_alert();
  void why(std::string_view code, std::string_view detail);
  void note(std::string_view what, std::string detail = {});
  void note_current(std::string_view what, std::string detail = {});

  const Definition& definition_;
  clock::TimePoint now_;
  Transition turn_;
};

}  // namespace pkg::saga
