#include "pkg/saga_engine/plan.hpp"

#include "pkg/saga_engine/engine.hpp"

namespace pkg::saga {
namespace {

std::vector<std::string> undo_order(const Definition& definition, State state) {
  if (state.status == Status::running && state.in_flight) state.steps[state.in_flight->step] = Progress::unknown;
  std::vector<std::string> order;
  while (const auto at = next_to_undo(definition, state)) {
    order.push_back(definition.steps[*at].name);
    state.steps[*at] = Progress::undone;
  }
  return order;
}

}  // namespace

Plan plan(const Definition& definition, const State& state) {
  Plan plan;
  for (std::size_t at = 0; at < definition.steps.size(); ++at) {
    const auto& step = definition.steps[at];
    if (state.steps[at] == Progress::done && step.command) plan.done.push_back(step.name);
    if (state.steps[at] == Progress::pending && step.command && state.status == Status::running) plan.next.push_back(step.name);
  }
  if (state.in_flight) {
    const auto& out = *state.in_flight;
    plan.now = Plan::Now{definition.steps[out.step].name, out.direction, out.attempt};
  }
  if (!has_ended(state.status)) plan.would_undo = undo_order(definition, state);
  return plan;
}

}  // namespace pkg::saga
