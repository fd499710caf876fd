#pragma once
// The saga engine: a pure function from a state and what happened to the next state and what is to be sent. README.md has the
// state diagram.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/saga_engine/definition.hpp"
#include "pkg/saga_engine/state.hpp"

namespace pkg::saga {

/// Begins a saga. Ignored where it has begun, or was canceled before.
struct Started {
  std::string data;
  std::string correlation_id;
  std::string traceparent;
};

/// A participant's answer. It counts only if it answers the command that is out now.
struct Reply {
  std::string command_id{};  ///< the id of the message it answers
  bool success = false;
  std::string failure_code{};
  std::string failure_detail{};
  std::string payload{};
};

/// Time has passed. Too early (before wake_at) it changes nothing, so it may come from many sides.
struct TimedOut {};

/// What the saga works for was called off. Ends the saga as `canceled`; after the end it changes nothing.
struct Cancel {};

using Input = std::variant<Started, Reply, TimedOut, Cancel>;

/// A command that is to be sent.
struct Command {
  std::string message_id;
  std::string step;
  Direction direction = Direction::forward;
  Body body;
};

struct Transition {
  State state;
  std::vector<Command> commands;
  std::vector<HistoryEntry> history;
  bool changed = false;  ///< false: there is nothing to save or send, and state is what it was

  const std::optional<clock::TimePoint>& wake_at() const { return state.wake_at; }
};

/// A saga before anything happened.
State not_started(const Definition& definition, std::string id);

/// At most this many replies that changed nothing are noted per saga, so that a loop somewhere cannot fill the database.
inline constexpr std::uint32_t max_ignored_noted = 20;

/// Fails with `internal` where the state is not one of this definition's (name, versions, number of steps), or a command cannot be
/// built from its data; with `malformed` where the definition cannot read a reply. After a failure the old state stands.
errors::Result<Transition> advance(const Definition& definition, State state, const Input& input, clock::TimePoint now);

/// The step whose compensation is to be sent next: the last one that is, or may be, done and has one. Nothing where all is undone.
std::optional<std::size_t> next_to_undo(const Definition& definition, const State& state);

}  // namespace pkg::saga
