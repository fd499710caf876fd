// What a turn can do: send, send again, end, note.

#include <bit>
#include <utility>

#include "pkg/saga_engine/history_words.hpp"
#include "pkg/saga_engine/message_id.hpp"
#include "pkg/saga_engine/turn.hpp"

namespace pkg::saga {

using errors::Result;

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
  auto body = forward ? current().command(state().data)
                      : current().compensation(state().data, {state().failed_step, state().failure_code, state().failure_detail});
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

}  // namespace pkg::saga
