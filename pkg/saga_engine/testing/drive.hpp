#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "pkg/saga_engine/engine.hpp"
#include "pkg/saga_engine/plan.hpp"
#include "pkg/saga_engine/testing/sample_saga.hpp"

namespace pkg::saga::testing {

/// One saga, driven by hand. Each call returns what was sent, as "step>" forward or "<step" backwards.
class Drive {
 public:
  explicit Drive(Definition definition = trip_definition()) : definition_(std::move(definition)), state(not_started(definition_, "s1")) {}

  std::string give(const Input& input) {
    auto turn = advance(definition_, state, input, now);
    if (!turn) return "error " + turn.error().code;
    state = turn->state;
    changed = turn->changed;
    for (auto& entry : turn->history) history.push_back(entry.step + " " + entry.what);
    if (turn->commands.empty()) return "";
    last = turn->commands.front();
    return last.direction == Direction::forward ? last.step + ">" : "<" + last.step;
  }
  std::string start() { return give(Started{trip_data(), "corr", "trace"}); }
  std::string ok(std::string payload = "Ritz") {
    return give(Reply{.command_id = state.in_flight->message_id, .success = true, .payload = std::move(payload)});
  }
  std::string no() { return give(Reply{.command_id = state.in_flight->message_id, .failure_code = "full", .failure_detail = "No room."}); }
  std::string late() {
    now = *state.wake_at;
    return give(TimedOut{});
  }
  std::string cancel() { return give(Cancel{}); }
  Plan plan() const { return saga::plan(definition_, state); }

 private:
  Definition definition_;

 public:
  State state;
  clock::TimePoint now{std::chrono::seconds{1'700'000'000}};
  Command last;
  bool changed = false;
  std::vector<std::string> history;
};

}  // namespace pkg::saga::testing
