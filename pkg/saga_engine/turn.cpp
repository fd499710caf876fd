// What each input means.

#include "pkg/saga_engine/turn.hpp"

#include <utility>

#include "pkg/saga_engine/history_words.hpp"

namespace pkg::saga {

using errors::Result;

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

}  // namespace pkg::saga
