#pragma once
// Brings a database's tables to what the program expects, and refuses one that it does not understand.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/embed/embedded_file.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/postgres/connection.hpp"
#include "pkg/postgres/fault.hpp"

namespace pkg::postgres {

/// One step. A set is what is numbered together ("ordering", "outbox"): a service's own tables and those of each toolkit part it uses.
/// Once released a step is never changed; what it got wrong, the next one puts right.
struct Migration {
  std::string set;
  int number = 0;  ///< 1, 2, 3 … within its set
  std::string name;
  std::string sql;  ///< one or more statements, without BEGIN and COMMIT
};

/// The steps in a folder's files, named like 0001_orders.sql. Fails with `internal`, code "migrations_invalid", on another name.
errors::Result<std::vector<Migration>> embedded_migrations(std::string_view set, std::span<const embed::EmbeddedFile> files);

/// Runs the steps that the database does not have yet, in the order given, each in a transaction of its own. Processes that start at the
/// same time wait for one another; where nothing is to be done, it is one query. Fails with `unavailable`, or with `internal` and
/// - "migrations_invalid": the numbers of a set are not 1, 2, 3 …
/// - "migration_changed": a step is not what was once run under its number
/// - "migration_missing": the database has a later step of the set without this one
/// - "database_newer": the database has a step that this program does not know
/// - "migration_failed": the server refused a step; the steps before it stay, and the log has the server's words
errors::Result<> migrate(const ConnectionSettings& settings, std::span<const Migration> migrations,
                         const FaultLog& log = standard_error_log());

}  // namespace pkg::postgres
