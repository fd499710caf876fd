#pragma once
// What a saga does, as data: its steps, the command that does each and the command that undoes it. Everything here is pure; the
// engine (pkg/saga_engine/engine.hpp) decides when.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"

namespace pkg::saga {

/// What is sent, and where to.
struct Body {
  std::string type;     ///< the payload's full protobuf name
  std::string channel;  ///< where the participant listens
  std::string payload;

  friend bool operator==(const Body&, const Body&) = default;
};

/// How long a command's reply is waited for: after the n-th try min(first * 2^(n-1), most).
struct Patience {
  static constexpr std::uint32_t for_ever = 0;

  clock::Duration first = std::chrono::seconds{5};
  clock::Duration most = std::chrono::minutes{1};
  std::uint32_t tries = 3;  ///< of a step's command; `for_ever` for one that must not be given up, such as the one behind the point of no
                            ///< return. Compensations are always tried for ever.
  std::uint32_t alert_after = 10;  ///< tries that had no effect until what is tried for ever raises the saga's alert
};

/// The wait after the n-th try, n from 1.
clock::Duration wait_after(const Patience& patience, std::uint32_t attempt);

/// Whether a step's compensation is also sent when the saga ends because it was canceled.
enum class Undo {
  always,
  unless_canceled,  ///< the cancellation itself has done it already, such as rejecting what was canceled
};

/// Builds a command from the saga's data. Pure; an error means that the stored data cannot be read.
using Build = std::function<errors::Result<Body>(std::string_view data)>;

/// Why a saga does not complete. Empty where it was canceled.
struct Failure {
  std::string step;
  std::string code;  ///< the participant's, or "no_reply"
  std::string detail;  ///< for people
};

/// Builds a compensation, which may tell the participant why. Pure, as Build.
using BuildUndo = std::function<errors::Result<Body>(std::string_view data, const Failure& why)>;

/// The saga's data after a reply: what later steps need from it. Pure; fails with `malformed` where the payload cannot be read.
using OnReply = std::function<errors::Result<std::string>(std::string_view data, std::string_view payload)>;

struct Step {
  std::string name{};
  Build command{};  ///< empty: the step counts as done as soon as it is reached; it is there for its compensation
  BuildUndo compensation{};  ///< empty: nothing to undo. Must be idempotent and succeed where the step never happened.
  OnReply on_reply{};  ///< empty: the reply's payload is not needed
  Undo undo = Undo::always;
  Patience patience{};
  Patience undo_patience{};
};

struct Definition {
  std::string name{};  ///< never changed once used
  std::uint32_t version = 1;  ///< a new one for every change of the steps; old ones stay until their last saga has ended
  std::uint32_t data_version = 1;  ///< of the data's encoding
  std::vector<Step> steps{};
};

/// Fails with `internal` where a definition cannot work: no steps, a name missing or twice, no time to wait.
errors::Result<> check(const Definition& definition);

/// All versions of one saga's definition.
class Definitions {
 public:
  /// Fails as check() does, or where the names differ or a version is there twice or there is none.
  static errors::Result<Definitions> make(std::vector<Definition> versions);

  const std::string& name() const { return versions_.back().name; }
  /// What new sagas follow: the one of the highest version.
  const Definition& current() const { return versions_.back(); }
  /// Null where the version is not known here.
  const Definition* find(std::uint32_t version) const;

 private:
  explicit Definitions(std::vector<Definition> versions) : versions_(std::move(versions)) {}
  std::vector<Definition> versions_;  // ascending
};

}  // namespace pkg::saga
