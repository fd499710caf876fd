#include "pkg/postgres/session_lock.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pkg::postgres {
namespace {

constexpr std::string_view lock_not_available = "55P03";
const std::string wanted = "session_lock_wanted";  // the channel of all locks; a payload is the name of one

}  // namespace

errors::Result<std::optional<SessionLock>> SessionLock::try_acquire(const ConnectionSettings& settings, std::string_view name,
                                                                    std::chrono::milliseconds patience) {
  auto connection = Connection::open(settings);
  if (!connection) return std::unexpected(to_error(connection.error()));
  const Params params{name};
  const Params ask{wanted, name};
  const Command notify{"select pg_notify($1, $2)", &ask};
  if (patience.count() > 0) {  // to the server a limit of 0 would be none
    // By itself: what is sent together is one transaction, which would tell it when the wait is over, and nothing where it was in vain.
    if (const auto fault = (*connection)->exchange({&notify, 1}).fault) return std::unexpected(to_error(*fault));
    const Params limit{std::to_string(patience.count())};
    const std::array commands{Command{"select set_config('lock_timeout', $1, false)", &limit},
                              Command{"select pg_advisory_lock(hashtextextended($1, 0))", &params}};
    const Exchange exchange = (*connection)->exchange(commands);
    if (exchange.fault && exchange.fault->sqlstate == lock_not_available) return std::nullopt;
    if (exchange.fault) return std::unexpected(to_error(*exchange.fault));
    return acquired(std::move(*connection), name);
  }
  const Command command{"select pg_try_advisory_lock(hashtextextended($1, 0))", &params};
  const Exchange exchange = (*connection)->exchange({&command, 1});
  if (exchange.fault) return std::unexpected(to_error(*exchange.fault));
  if (exchange.results.front()[0].boolean(0)) return acquired(std::move(*connection), name);
  if (const auto fault = (*connection)->exchange({&notify, 1}).fault) return std::unexpected(to_error(*fault));
  return std::nullopt;
}

errors::Result<std::optional<SessionLock>> SessionLock::acquired(std::unique_ptr<Connection> connection, std::string_view name) {
  if (const auto fault = connection->listen(wanted)) return std::unexpected(to_error(*fault));
  return SessionLock(std::move(connection), name);
}

bool SessionLock::await_others(std::chrono::milliseconds at_most, int interrupt) {
  const auto wanted_ones = connection_->await_notifications(at_most, interrupt);
  return std::ranges::find(wanted_ones, name_) != wanted_ones.end();
}

}  // namespace pkg::postgres
