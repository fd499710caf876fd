#pragma once
// What went wrong in PostgreSQL, and the one place that says what a caller should conclude from it.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"

namespace pkg::postgres {

struct Fault {
  std::string sqlstate;    ///< empty where the connection ended without a word from the server
  std::string message;     ///< the server's own words: for logs, never for a caller
  std::string constraint;  ///< the violated constraint, where there is one
  bool connection_lost = false;
};

/// Takes faults that are nobody's expected outcome (`internal` and `unavailable`), with the statement, to a log. Called on the
/// thread that ran the statement.
using FaultLog = std::function<void(const Fault& fault, std::string_view sql)>;

/// Writes a line to standard error.
FaultLog standard_error_log();

/// - lost connections, start-up, shutdown, full disk, too many connections, read-only server, time-outs: `unavailable`
/// - serialization failures, deadlocks, lock time-outs, plans that a migration has made stale: `contended`
/// - text that PostgreSQL cannot store (a NUL character, broken UTF-8): `malformed`
/// - everything else, constraint violations that a statement did not provide for among them: `internal`
errors::Error to_error(const Fault& fault);

/// The connection was lost after COMMIT was sent and before its answer came: whether the transaction was committed is not known.
/// Doing the work again is safe only where it is idempotent (an inbox, an expected version).
errors::Error commit_outcome_unknown();
bool is_commit_outcome_unknown(const errors::Error& error);

/// Whether a fault of command `at`, of `count` whose last is COMMIT, leaves that open. The server answers in order: an error of its own for
/// a statement before COMMIT means that COMMIT was skipped. A connection that just ends proves nothing, because answers wait in the
/// server's buffer until all is done.
bool leaves_commit_unknown(const Fault& fault, std::size_t at, std::size_t count);

}  // namespace pkg::postgres
