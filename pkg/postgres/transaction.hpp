#pragma once
// A transaction that writes in one round trip. Statements are queued and travel together, with BEGIN in front and COMMIT behind
// (libpq pipeline mode); a query sends what is queued along with it, so it sees the unit's own writes. A unit with savepoints lets the
// server begin at each of them, and holds its connection and what it has locked from the first one on.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/expect.hpp"
#include "pkg/postgres/params.hpp"
#include "pkg/postgres/row_statement.hpp"
#include "pkg/postgres/rows.hpp"

namespace pkg::postgres {

enum class Outcome {
  committed,
  rolled_back,
  unknown,  ///< the connection was lost between COMMIT and its answer; either may be true
};

class Transaction {
 public:
  virtual ~Transaction() = default;

  /// Queues a statement. Its result is looked at with the next query's or the commit's; without an expectation any success will do.
  virtual void execute(std::string_view sql, Params params = {}, Expect expect = {}) = 0;

  /// The same for one row of a statement; others may go with it. Expected are rows() and violation(), the same for all rows of a
  /// statement but for the number, or where it has RETURNING shown(), of this row's. What fails where rows of several parts went together
  /// is no part's failure; in a unit with savepoints they do not.
  virtual void execute(const RowStatement& statement, Params row, Expect expect = {}) = 0;

  /// Sends what is queued and this, and waits. A SELECT before the first write is not in a transaction of its own making: it sees
  /// what is committed at that moment, and holds no locks afterwards (call begin() first to change that). Anything but a SELECT,
  /// and a SELECT that locks rows, begins the transaction. Fails with the first error of the queue; the transaction can then only be
  /// rolled back, and every further query fails with the same error.
  virtual errors::Result<Rows> query(std::string_view sql, Params params = {}, Expect expect = {}) = 0;

  /// Makes everything from here on, queries included, one database transaction. Sends nothing by itself.
  virtual void begin() = 0;

  /// Runs when the work has succeeded, before COMMIT is sent, in the order added. It may queue statements (one INSERT for all that has
  /// gathered). It does not run where the work has failed; again, where the unit is taken back to a savepoint at the commit and goes on.
  virtual void before_commit(std::function<void()> hook) = 0;

  /// Runs exactly once with what became of the transaction, on the thread that ended it, when its connection is free again; in the
  /// order added. A unit that wrote nothing counts as committed. The hook must not throw.
  virtual void on_outcome(std::function<void(Outcome)> hook) = 0;

  /// For those who keep in memory what a unit has written so far. Runs where the unit is taken back to a savepoint that is older than this
  /// call, the youngest first; `failed_part` is the part that was at fault. What was given to before_commit() and on_outcome() since then
  /// is forgotten, the latter with `rolled_back`. Needed, and kept, only where has_savepoint().
  virtual void on_taken_back(std::function<void(std::size_t failed_part)> undo) = 0;
  virtual bool has_savepoint() const = 0;

  /// on_outcome for those who care for `committed` only.
  void after_commit(std::function<void()> hook) {
    on_outcome([hook = std::move(hook)](Outcome outcome) {
      if (outcome == Outcome::committed) hook();
    });
  }
};

}  // namespace pkg::postgres
