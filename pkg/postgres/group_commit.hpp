#pragma once
// Units of work that are ready at the same moment share a transaction. Internal to pkg/postgres.

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/gathering.hpp"
#include "pkg/postgres/queue.hpp"
#include "pkg/postgres/transaction.hpp"

namespace pkg::postgres {

class Pool;

/// One commit is under way at a time. A group that fails is rolled back and each of it commits by itself, so none is harmed by another.
/// Safe from any thread.
class GroupCommit {
 public:
  /// What a unit of work wants done between BEGIN and COMMIT, and what became of it.
  struct Member : Gathering::Member {
    std::span<const Queued> statements;
    std::vector<Rows> results;  ///< where committed, of each statement
    std::optional<errors::Error> error;  ///< where not
    Outcome outcome = Outcome::rolled_back;
  };

  struct Options {
    std::size_t most = 64;  ///< go together; 1 is none
    /// So long at most a commit waits for its turn, and a group for a lock that somebody else has: then each goes by itself, and a row that
    /// is locked holds up nobody but those who want it.
    std::chrono::milliseconds patience{100};
  };

  /// The pool outlives it.
  GroupCommit(Pool& pool, Options options);

  /// True where `member` went with others. Else `alone` has run, which commits it by itself.
  bool commit(Member& member, const std::function<void()>& alone);

  Gathering::Figures figures() const { return gathering_.figures(); }

 private:
  Gathering::Fate commit_together(std::span<Gathering::Member* const> group);

  Pool& pool_;
  const std::string limit_on_locks_;
  Gathering gathering_;
};

}  // namespace pkg::postgres
