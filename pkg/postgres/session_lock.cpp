#include "pkg/postgres/session_lock.hpp"

namespace pkg::postgres {

errors::Result<std::optional<SessionLock>> SessionLock::try_acquire(const ConnectionSettings& settings, std::string_view name) {
  auto connection = Connection::open(settings);
  if (!connection) return std::unexpected(to_error(connection.error()));
  const Params params{name};
  const Command command{"select pg_try_advisory_lock(hashtextextended($1, 0))", &params};
  const Exchange exchange = (*connection)->exchange({&command, 1});
  if (exchange.fault) return std::unexpected(to_error(*exchange.fault));
  if (!exchange.results.front()[0].boolean(0)) return std::nullopt;
  return SessionLock(std::move(*connection));
}

}  // namespace pkg::postgres
