#pragma once
// Where a saga stands, as data.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"

namespace pkg::saga {

enum class Status {
  not_started,   ///< before Started; never stored
  running,       ///< a step's command is out
  compensating,  ///< a step failed or was given up; what was done is being undone
  canceling,     ///< canceled from outside: the command that is out is waited for, then what was done is undone
  completed,     ///< every step is done
  compensated,   ///< everything that was done is undone
  canceled,      ///< the same, after a cancellation
};

constexpr bool has_ended(Status status) {
  return status == Status::completed || status == Status::compensated || status == Status::canceled;
}

enum class Direction { forward, compensation };

enum class Progress {
  pending,  ///< not reached
  sent,     ///< its command is out
  done,     ///< its participant said so
  failed,   ///< its participant refused: nothing happened
  unknown,  ///< given up without a reply: it may have happened
  undone,   ///< its compensation has succeeded
};

/// The command whose reply is waited for; there is never more than one.
struct InFlight {
  std::size_t step = 0;
  Direction direction = Direction::forward;
  std::string message_id;   ///< the same however often it is sent
  std::uint32_t round = 1;  ///< a compensation that was refused is asked for again as a new message, because participants do a message once
  std::uint32_t attempt = 1;  ///< how often it was sent, over all rounds
  bool refused = false;  ///< answered with a failure; the next round starts at the wake time

  friend bool operator==(const InFlight&, const InFlight&) = default;
};

struct State {
  std::string name;  ///< of the definition
  std::string id;  ///< one saga per name and id
  std::uint32_t definition_version = 0;
  std::uint32_t data_version = 0;
  std::uint64_t version = 0;  ///< of this state: one more with every transition; 0 is not stored yet
  Status status = Status::not_started;
  std::string data;  ///< the user's, opaque here
  std::vector<Progress> steps;  ///< one per step of the definition
  std::optional<InFlight> in_flight;  ///< set while the saga has not ended
  std::optional<clock::TimePoint> wake_at;  ///< when TimedOut is wanted; set while the saga has not ended
  clock::TimePoint started_at;
  clock::TimePoint changed_at;
  std::string failed_step;  ///< why it does not complete; empty where it does, or was canceled
  std::string failure_code;  ///< the participant's, or "no_reply"
  std::string failure_detail;
  bool alert = false;  ///< something is tried for ever without success: people should look
  std::uint32_t ignored = 0;  ///< replies that changed nothing and were noted
  std::string correlation_id;  ///< of what started the saga; stamped on all its commands
  std::string traceparent;

  friend bool operator==(const State&, const State&) = default;
};

/// One line of what happened, for operators.
struct HistoryEntry {
  clock::TimePoint time;
  std::string step;  ///< empty where it is about the saga as a whole
  std::string direction;  ///< "forward", "compensation", or empty
  std::string what;  ///< a word of pkg/saga_engine/history_words.hpp
  std::string detail;

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

/// The words are stored and shown, so they never change.
std::string_view word(Status status);
std::string_view word(Direction direction);
std::string_view word(Progress progress);
std::optional<Status> status_of(std::string_view word);
std::optional<Direction> direction_of(std::string_view word);
std::optional<Progress> progress_of(std::string_view word);

}  // namespace pkg::saga
