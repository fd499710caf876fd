#pragma once
// Questions that come at the same moment share a round trip. Internal to pkg/postgres.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "pkg/postgres/connection.hpp"
#include "pkg/postgres/gathering.hpp"
#include "pkg/postgres/rows.hpp"

namespace pkg::postgres {

class Pool;

/// For statements that only read, outside of any transaction: each sees what is committed when its turn comes, as it would by itself, and
/// those that are the same are asked once. Where one of a group fails all are asked again, each by itself. Safe from any thread.
class SharedReads {
 public:
  struct Options {
    std::size_t most = 16;    ///< go together; 1 is none
    std::size_t at_once = 2;  ///< round trips, before others gather
    /// So long at most a question waits for its turn: those that are slow hold the quick ones up no longer.
    std::chrono::milliseconds patience{20};
  };

  /// The pool outlives it.
  SharedReads(Pool& pool, Options options);

  /// The answer where `question`, which has parameters even if none, went with others. Else nothing, and `alone` has run, which asks by
  /// itself.
  std::optional<Rows> ask(const Command& question, const std::function<void()>& alone);

  Gathering::Figures figures() const { return gathering_.figures(); }

 private:
  struct Member : Gathering::Member {
    explicit Member(const Command& what) : question(what) {}
    const Command question;
    Rows answer;
  };

  Gathering::Fate ask_together(std::span<Gathering::Member* const> group);

  Pool& pool_;
  Gathering gathering_;
};

}  // namespace pkg::postgres
