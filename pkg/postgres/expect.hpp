#pragma once
// What a statement is expected to do, and what it means when it does something else.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/rows.hpp"

namespace pkg::postgres {

/// Looks at the result of a queued statement; an error undoes the whole transaction.
using Check = std::function<errors::Result<>(const Rows&)>;

/// rows() and violation() are judged by the server, so they cost nothing: the transaction still commits in one round trip. A check()
/// is judged here, and COMMIT is not sent before it has been: one round trip more at the commit, unless a query came in between.
///
/// All these errors are deferred: they may come out of the commit, where nobody stands between them and whoever started the unit. There
/// `unavailable` means that our own database is away (a consumer then stops acknowledging, instead of parking the one message that
/// is at fault), so it is never a deferred error: rows() and violation() stop the process at once, whether or not the expectation is met,
/// and what a check gives as `unavailable` is told as `internal`. Work that has to say `unavailable` asks with a query and fails itself.
class Expect {
 public:
  Expect() = default;
  /// From a Check, or from anything that can be one.
  template <class F>
    requires std::is_invocable_r_v<errors::Result<>, F&, const Rows&>
  Expect(F check) : check_(std::move(check)) {}

  /// The statement, an INSERT, UPDATE or DELETE without RETURNING, touches exactly so many rows; else the transaction fails with
  /// the error.
  Expect& rows(std::uint64_t count, errors::Error otherwise);

  /// The named constraint or unique index may be violated, and the transaction then fails with the error. A violation that no
  /// expectation names is `internal`.
  Expect& violation(std::string constraint, errors::Error meaning);

  Expect& check(Check check) {
    check_ = std::move(check);
    return *this;
  }

  /// Is shown the result once it is known, before the transaction's outcome is told. It cannot object, so COMMIT does not wait for
  /// it; what it saw counts only if the outcome is `committed`. Of no effect outside of a transaction.
  Expect& shown(std::function<void(const Rows&)> viewer) {
    viewer_ = std::move(viewer);
    return *this;
  }

  struct RowCount {
    std::uint64_t count;
    errors::Error otherwise;
  };
  struct Violation {
    std::string constraint;
    errors::Error meaning;
  };
  const std::optional<RowCount>& row_count() const { return rows_; }
  const std::vector<Violation>& violations() const { return violations_; }
  /// For two rows of one statement.
  void add_rows_of(const Expect& other) {
    if (rows_ && other.rows_) rows_->count += other.rows_->count;
  }
  const Check& check() const { return check_; }
  const std::function<void(const Rows&)>& viewer() const { return viewer_; }
  std::function<void(const Rows&)> take_viewer() { return std::exchange(viewer_, nullptr); }

 private:
  std::optional<RowCount> rows_;
  std::vector<Violation> violations_;
  Check check_;
  std::function<void(const Rows&)> viewer_;
};

inline Expect expect_rows(std::uint64_t count, errors::Error otherwise) { return std::move(Expect().rows(count, std::move(otherwise))); }
inline Expect on_violation(std::string constraint, errors::Error meaning) {
  return std::move(Expect().violation(std::move(constraint), std::move(meaning)));
}

/// The error that makes a Transactor run the work again: somebody else was faster.
inline errors::Error contended() {
  return {errors::ErrorKind::contended, "contended", "Somebody else changed the same thing at the same moment.", {}};
}

}  // namespace pkg::postgres
