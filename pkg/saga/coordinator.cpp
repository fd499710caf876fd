#include "pkg/saga/coordinator.hpp"

#include <utility>

#include "pkg/faults/crash_point.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/saga_engine/history_words.hpp"

namespace pkg::saga {
namespace {

using errors::ErrorKind;
using errors::Result;

std::string header_of(const messaging::Message& message, std::string_view name) {
  const auto found = message.headers.find(std::string(name));
  return found == message.headers.end() ? std::string() : found->second;
}

/// A reply that is only noted as ignored moves nothing.
bool moves(const State& before, const Transition& transition) { return transition.changed && transition.state.ignored == before.ignored; }

}  // namespace

std::optional<Reply> reply_of(const messaging::Message& message) {
  const auto outcome = header_of(message, header::outcome);
  Reply reply{.command_id = header_of(message, header::command_id),
              .success = outcome == success,
              .failure_code = header_of(message, header::failure_code),
              .failure_detail = header_of(message, header::failure_detail),
              .payload = message.payload};
  if (reply.command_id.empty() || (outcome != success && outcome != failure)) return std::nullopt;
  return reply;
}

Coordinator::Coordinator(Definitions definitions, SagaStore& store, messaging::Outbox& outbox, const clock::Clock& clock,
                         CoordinatorOptions options)
    : definitions_(std::move(definitions)),
      store_(store),
      outbox_(outbox),
      clock_(clock),
      options_(std::move(options)),
      wakes_(options_.wake_grain) {}

Result<Outcome> Coordinator::start(uow::UnitOfWork& unit, std::string_view id, std::string data) {
  return give(unit, id, Started{std::move(data), unit.cause().correlation_id, unit.cause().traceparent});
}

Result<Outcome> Coordinator::cancel(uow::UnitOfWork& unit, std::string_view id) { return give(unit, id, Cancel{}); }

Result<Outcome> Coordinator::on_reply(uow::UnitOfWork& unit, const messaging::Message& message) {
  const auto reply = reply_of(message);
  const auto id = header_of(message, header::id);
  if (!reply || id.empty() || header_of(message, header::name) != definitions_.name()) {
    return errors::fail(ErrorKind::malformed, "not_a_saga_reply",
                        "The message is not a reply to a command of a saga " + definitions_.name() + ".");
  }
  return give(unit, id, *reply);
}

Result<Outcome> Coordinator::give(uow::UnitOfWork& unit, std::string_view id, const Input& input) {
  const bool starts = std::holds_alternative<Started>(input);
  for (const auto freshness : {starts ? Freshness::assumed_new : Freshness::recent, Freshness::current}) {
    auto loaded = store_.load(unit, definitions_.name(), id, freshness);
    if (!loaded) return errors::pass_on(loaded);
    if (!*loaded && std::holds_alternative<Reply>(input)) return Outcome::unknown_saga;
    const State before = *loaded ? std::move(**loaded) : not_started(definitions_.current(), std::string(id));
    auto transition = turn(before, input);
    if (!transition) return errors::pass_on(transition);
    const bool moved = moves(before, *transition);
    // What a state that may be behind calls of no use, the present one may want.
    if (!moved && freshness != Freshness::current && before.version > 0) continue;
    if (auto done = commit(unit, before, std::move(*transition)); !done) return errors::pass_on(done);
    return moved ? Outcome::applied : Outcome::ignored;
  }
  return Outcome::ignored;
}

Result<std::size_t> Coordinator::due(uow::UnitOfWork& unit, clock::TimePoint now, std::size_t limit) {
  wakes_.drop_until(now);
  auto waiting = store_.due(unit, definitions_.name(), now, limit);
  if (!waiting) return errors::pass_on(waiting);
  for (auto& state : *waiting) {
    auto transition = turn(state, TimedOut{});
    auto done = transition ? commit(unit, state, std::move(*transition)) : put_aside(unit, std::move(state), transition.error(), now);
    if (!done) return errors::pass_on(done);
  }
  const auto next = store_.next_wake(unit, definitions_.name());
  if (!next) return errors::pass_on(next);
  if (*next) wakes_.note(**next);
  return waiting->size();
}

Result<Transition> Coordinator::turn(State state, const Input& input) const {
  const auto* definition = definitions_.find(state.definition_version);
  // With another version the engine refuses and says why.
  return advance(definition ? *definition : definitions_.current(), std::move(state), input, clock_.now());
}

Result<> Coordinator::commit(uow::UnitOfWork& unit, const State& before, Transition transition) {
  if (!transition.changed) return {};
  if (auto saved = store_.save(unit, transition.state, transition.history); !saved) return saved;
  for (const auto& command : transition.commands) {
    const faults::Scope scope("command", command.body.type);
    faults::crash_point("saga.saved");
  }
  if (transition.wake_at()) wakes_.note(*transition.wake_at());
  if (options_.on_alert && transition.state.alert != before.alert) options_.on_alert(transition.state);
  for (auto& command : transition.commands) outbox_.add(unit, message_of(unit, transition.state, std::move(command)));
  return {};
}

Result<> Coordinator::put_aside(uow::UnitOfWork& unit, State state, const errors::Error& why, clock::TimePoint now) {
  std::vector<HistoryEntry> history;
  const bool is_new = !state.alert;
  if (is_new) history.push_back({now, "", "", std::string(history::refused), why.code + ": " + why.detail});
  state.alert = true;
  state.wake_at = now + options_.refused_pause;
  state.changed_at = now;
  ++state.version;
  wakes_.note(*state.wake_at);
  if (auto saved = store_.save(unit, state, history); !saved) return saved;
  if (is_new && options_.on_alert) options_.on_alert(state);
  return {};
}

messaging::Message Coordinator::message_of(const uow::UnitOfWork& unit, const State& state, Command command) const {
  messaging::Message message;
  message.id = std::move(command.message_id);
  message.type = std::move(command.body.type);
  message.source = options_.source;
  message.subject = state.id;
  message.channel = std::move(command.body.channel);
  message.key = state.id;
  message.time = clock_.now();
  message.correlation_id = state.correlation_id;
  message.causation_id = unit.cause().causation_id;
  message.traceparent = unit.cause().traceparent.empty() ? state.traceparent : unit.cause().traceparent;
  message.payload = std::move(command.body.payload);
  const auto set = [&](std::string_view name, std::string value) { message.headers.emplace(name, std::move(value)); };
  set(header::name, state.name);
  set(header::id, state.id);
  set(header::step, std::move(command.step));
  set(header::direction, std::string(word(command.direction)));
  set(header::reply_to, options_.reply_channel);
  return message;
}

}  // namespace pkg::saga
