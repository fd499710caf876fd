#include "pkg/saga/engine.hpp"

#include <bit>
#include <type_traits>
#include <utility>

#include "pkg/saga/history_words.hpp"
#include "pkg/saga/message_id.hpp"

namespace pkg::saga {
namespace {

using errors::Result;

/// One transition while it is being made.
class Turn {
 public:
  Turn(const Definition& definition, State state, clock::TimePoint now) : definition_(definition), now_(now) { turn_.state = std::move(state); }

  Result<> on(const Started& started);
  Result<> on(const Reply& reply);
  Result<> on(const TimedOut&);
  Result<> on(const Cancel&);

  Transition finish();

 private:
  State& state() { return turn_.state; }
  const Step& step(std::size_t at) const { return definition_.steps[at]; }
  const Step& current() const { return step(turn_.state.in_flight->step); }

  Result<> forward_from(std::size_t at);
  Result<> undo_next();
  Result<> send(std::size_t at, Direction direction);
  Result<> send_again();
  Result<> put_out();
  Result<> step_replied(const Reply& reply);
  Result<> compensation_replied(const Reply& reply);
  Result<> step_timed_out();
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

Result<> Turn::on(const Started& started) {
  if (state().status != Status::not_started) return {};
  state().status = Status::running;
  state().data = started.data;
  state().correlation_id = started.correlation_id;
  state().traceparent = started.traceparent;
  state().started_at = now_;
  note(history::started);
  return forward_from(0);
}

Result<> Turn::on(const Reply& reply) {
  const auto& out = state().in_flight;
  if (!out || out->message_id != reply.command_id || out->refused) {
    ignore(reply);
    return {};
  }
  switch (out->direction) {
    case Direction::forward: return step_replied(reply);
    case Direction::compensation: return compensation_replied(reply);
  }
  return {};
}

Result<> Turn::on(const TimedOut&) {
  if (!state().in_flight || !state().wake_at || now_ < *state().wake_at) return {};
  switch (state().in_flight->direction) {
    case Direction::forward: return step_timed_out();
    case Direction::compensation: alert_if_due(); return send_again();
  }
  return {};
}

Result<> Turn::on(const Cancel&) {
  const Status was = state().status;
  if (has_ended(was) || was == Status::canceling) return {};
  if (was == Status::not_started) {
    state().started_at = now_;
    end(Status::canceled, history::canceled);
    return {};
  }
  note(history::cancel_requested);
  state().status = Status::canceling;
  if (state().in_flight->direction == Direction::forward || current().undo == Undo::always) return {};
  note_current(history::dropped);
  clear_alert();
  return undo_next();
}

Result<> Turn::step_replied(const Reply& reply) {
  auto& progress = state().steps[state().in_flight->step];
  if (reply.success) {
    if (current().on_reply) {
      auto data = current().on_reply(state().data, reply.payload);
      if (!data) return errors::pass_on(data);
      state().data = std::move(*data);
    }
    progress = Progress::done;
    note_current(history::succeeded);
    clear_alert();
    return state().status == Status::running ? forward_from(state().in_flight->step + 1) : undo_next();
  }
  progress = Progress::failed;
  note_current(history::failed, reply.failure_code + ": " + reply.failure_detail);
  clear_alert();
  why(reply.failure_code, reply.failure_detail);
  return undo_next();
}

Result<> Turn::compensation_replied(const Reply& reply) {
  if (reply.success) {
    state().steps[state().in_flight->step] = Progress::undone;
    note_current(history::succeeded);
    clear_alert();
    return undo_next();
  }
  note_current(history::failed, reply.failure_code + ": " + reply.failure_detail);
  state().in_flight->refused = true;
  state().wake_at = now_ + wait_after(current().undo_patience, state().in_flight->attempt);
  return {};
}

Result<> Turn::step_timed_out() {
  const auto tries = current().patience.tries;
  if (state().status == Status::running && (tries == Patience::for_ever || state().in_flight->attempt < tries)) {
    if (tries == Patience::for_ever) alert_if_due();
    return send_again();
  }
  state().steps[state().in_flight->step] = Progress::unknown;
  note_current(history::given_up, "no reply after try " + std::to_string(state().in_flight->attempt));
  clear_alert();
  why("no_reply", "No reply came in time.");
  return undo_next();
}

Result<> Turn::forward_from(std::size_t at) {
  for (; at < definition_.steps.size(); ++at) {
    if (step(at).command) {
      state().steps[at] = Progress::sent;
      return send(at, Direction::forward);
    }
    state().steps[at] = Progress::done;
  }
  end(Status::completed, history::completed);
  return {};
}

Result<> Turn::undo_next() {
  if (state().status == Status::running) state().status = Status::compensating;
  if (const auto at = next_to_undo(definition_, state())) return send(*at, Direction::compensation);
  if (state().status == Status::canceling) {
    end(Status::canceled, history::canceled);
  } else {
    end(Status::compensated, history::compensated);
  }
  return {};
}

Result<> Turn::send(std::size_t at, Direction direction) {
  state().in_flight = InFlight{.step = at, .direction = direction, .message_id = message_id(state(), at, direction, 1)};
  note_current(history::sent);
  return put_out();
}

Result<> Turn::send_again() {
  auto& out = *state().in_flight;
  ++out.attempt;
  if (out.refused) {
    out.refused = false;
    ++out.round;
    out.message_id = message_id(state(), out.step, out.direction, out.round);
  }
  // What is tried for ever leaves a bounded trail: every try until the alert, then at every doubling.
  const auto& patience = out.direction == Direction::forward ? current().patience : current().undo_patience;
  if (out.attempt <= patience.alert_after || std::has_single_bit(out.attempt)) {
    note_current(history::sent_again, "try " + std::to_string(out.attempt));
  }
  return put_out();
}

Result<> Turn::put_out() {
  const auto& out = *state().in_flight;
  const bool forward = out.direction == Direction::forward;
  auto body = (forward ? current().command : current().compensation)(state().data);
  if (!body) return errors::pass_on(body);
  turn_.commands.push_back({out.message_id, current().name, out.direction, std::move(*body)});
  state().wake_at = now_ + wait_after(forward ? current().patience : current().undo_patience, out.attempt);
  turn_.changed = true;
  return {};
}

void Turn::end(Status status, std::string_view what) {
  clear_alert();
  state().status = status;
  state().in_flight.reset();
  state().wake_at.reset();
  note(what);
}

void Turn::ignore(const Reply& reply) {
  if (state().status == Status::not_started || state().ignored >= max_ignored_noted) return;
  ++state().ignored;
  note(history::reply_ignored, std::string(reply.success ? "success" : "failure") + " of " + reply.command_id);
}

void Turn::alert_if_due() {
  const auto& out = *state().in_flight;
  const auto& patience = out.direction == Direction::forward ? current().patience : current().undo_patience;
  if (state().alert || out.attempt < patience.alert_after) return;
  state().alert = true;
  note_current(history::alert_raised, "no success after try " + std::to_string(out.attempt));
}

void Turn::clear_alert() {
  if (!state().alert) return;
  state().alert = false;
  note_current(history::alert_cleared);
}

void Turn::why(std::string_view code, std::string_view detail) {
  if (state().status != Status::running) return;
  state().failed_step = current().name;
  state().failure_code = code;
  state().failure_detail = detail;
}

void Turn::note(std::string_view what, std::string detail) {
  turn_.history.push_back({now_, "", "", std::string(what), std::move(detail)});
  turn_.changed = true;
}

void Turn::note_current(std::string_view what, std::string detail) {
  if (!state().in_flight) return note(what, std::move(detail));
  turn_.history.push_back({now_, current().name, std::string(word(state().in_flight->direction)), std::string(what), std::move(detail)});
  turn_.changed = true;
}

Transition Turn::finish() {
  if (turn_.changed) {
    ++state().version;
    state().changed_at = now_;
  }
  return std::move(turn_);
}

bool belongs_to(const Definition& definition, const State& state) {
  return state.name == definition.name && state.definition_version == definition.version && state.data_version == definition.data_version &&
         state.steps.size() == definition.steps.size();
}

}  // namespace

State not_started(const Definition& definition, std::string id) {
  State state;
  state.name = definition.name;
  state.id = std::move(id);
  state.definition_version = definition.version;
  state.data_version = definition.data_version;
  state.steps.assign(definition.steps.size(), Progress::pending);
  return state;
}

std::optional<std::size_t> next_to_undo(const Definition& definition, const State& state) {
  for (std::size_t at = definition.steps.size(); at-- > 0;) {
    const auto& step = definition.steps[at];
    const bool maybe_done = state.steps[at] == Progress::done || state.steps[at] == Progress::unknown;
    const bool wanted = state.status != Status::canceling || step.undo == Undo::always;
    if (maybe_done && wanted && step.compensation) return at;
  }
  return std::nullopt;
}

errors::Result<Transition> advance(const Definition& definition, State state, const Input& input, clock::TimePoint now) {
  if (!belongs_to(definition, state)) {
    return errors::fail(errors::ErrorKind::internal, "unknown_saga_definition",
                        "The saga " + state.name + " " + state.id + " follows version " + std::to_string(state.definition_version) +
                            " of its definition and version " + std::to_string(state.data_version) + " of its data, not this one.");
  }
  Turn turn(definition, std::move(state), now);
  const auto done = std::visit([&](const auto& what) { return turn.on(what); }, input);
  if (!done) return errors::pass_on(done);
  return turn.finish();
}

}  // namespace pkg::saga
