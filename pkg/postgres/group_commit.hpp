#pragma once
// Units of work that are ready at the same moment share a transaction. Internal to pkg/postgres.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/connection.hpp"
#include "pkg/postgres/queue.hpp"
#include "pkg/postgres/transaction.hpp"

namespace pkg::postgres {

class Pool;

/// While one commit is under way others gather, and the next takes all of them: nobody waits for company, and the more come at once the
/// less each costs. A group that fails is rolled back and each of it commits by itself, so none is harmed by another. Safe from any thread.
class GroupCommit {
 public:
  /// What a unit of work wants done between BEGIN and COMMIT, and what became of it.
  struct Member {
    std::span<const Queued> statements;
    std::vector<Rows> results;  ///< where committed, of each statement
    std::optional<errors::Error> error;  ///< where not
    Outcome outcome = Outcome::rolled_back;

   private:
    friend class GroupCommit;
    enum class Lot { leads, goes_alone, done };
    // Of its own, because those who are told together would else queue up at one mutex as soon as they wake.
    std::mutex mutex;
    std::condition_variable is_told;
    std::optional<Lot> lot;
  };

  struct Options {
    std::size_t most = 64;  ///< go together; 1 is none
    /// So long at most a commit waits for its turn, and a group for a lock that somebody else has: then each goes by itself, and a row that
    /// is locked holds up nobody but those who want it.
    std::chrono::milliseconds patience{100};
  };

  /// The pool outlives it.
  GroupCommit(Pool& pool, Options options);

  /// True where `member` went with others. Else `alone` has run, which commits it by itself; others gather meanwhile.
  bool commit(Member& member, const std::function<void()>& alone);

  struct Figures {
    std::uint64_t groups = 0;  ///< committed
    std::uint64_t members = 0;  ///< of these
    std::uint64_t undone = 0;  ///< groups that failed
    std::size_t waiting = 0;  ///< for the commit that is under way
  };
  Figures figures() const;

 private:
  using Lot = Member::Lot;
  enum class Fate { decided, to_go_alone };

  Lot lot_of(Member& member);
  /// Until it is told, or has waited too long.
  Lot await_turn(Member& member);
  /// Until they are decided, one way or another. True where they were, all together.
  bool lead(Member& leader, const std::function<void()>& alone);
  Fate commit_together(std::span<Member* const> group);
  /// Nobody gathers for a while. Who waited has to be told so, without the mutex.
  std::vector<Member*> part();
  /// Without the mutex. The member is gone as soon as it knows.
  static void tell(Member& member, Lot lot);
  static void tell(std::span<Member* const> members, Lot lot);

  Pool& pool_;
  const Options options_;
  const std::string limit_on_locks_;
  mutable std::mutex mutex_;
  bool is_under_way_ = false;
  int parted_ = 0;  // so many still go by themselves
  std::deque<Member*> waiting_;
  Figures figures_;
};

}  // namespace pkg::postgres
