#include "pkg/saga_engine/engine.hpp"

#include <utility>

#include "pkg/saga_engine/turn.hpp"

namespace pkg::saga {
namespace {

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
