#include "pkg/postgres/session_lock.hpp"

#include <array>
#include <string>

namespace pkg::postgres {
namespace {

constexpr std::string_view lock_not_available = "55P03";

}  // namespace

errors::Result<std::optional<SessionLock>> SessionLock::try_acquire(const ConnectionSettings& settings, std::string_view name,
                                                                    std::chrono::milliseconds patience) {
  auto connection = Connection::open(settings);
  if (!connection) return std::unexpected(to_error(connection.error()));
  const Params params{name};
  if (patience.count() > 0) {  // to the server a limit of 0 would be none
    const Params limit{std::to_string(patience.count())};
    const std::array commands{Command{"select set_config('lock_timeout', $1, false)", &limit},
                              Command{"select pg_advisory_lock(hashtextextended($1, 0))", &params}};
    const Exchange exchange = (*connection)->exchange(commands);
    if (exchange.fault && exchange.fault->sqlstate == lock_not_available) return std::nullopt;
    if (exchange.fault) return std::unexpected(to_error(*exchange.fault));
    return SessionLock(std::move(*connection));
  }
  const Command command{"select pg_try_advisory_lock(hashtextextended($1, 0))", &params};
  const Exchange exchange = (*connection)->exchange({&command, 1});
  if (exchange.fault) return std::unexpected(to_error(*exchange.fault));
  if (!exchange.results.front()[0].boolean(0)) return std::nullopt;
  return SessionLock(std::move(*connection));
}

}  // namespace pkg::postgres
