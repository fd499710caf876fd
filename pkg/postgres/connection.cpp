#include "pkg/postgres/connection.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pkg/postgres/statement_cache.hpp"

namespace pkg::postgres {
namespace {

// Beyond the statement's own time-out: a server that still says nothing then is gone, whatever the network claims.
constexpr std::chrono::milliseconds grace{5000};

constexpr Params no_params;

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

Fault fault_of(const PGresult* result) {
  Fault fault{.sqlstate = field(result, PG_DIAG_SQLSTATE),
              .message = field(result, PG_DIAG_MESSAGE_PRIMARY),
              .constraint = field(result, PG_DIAG_CONSTRAINT_NAME)};
  const std::string severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  // An error that libpq makes up itself has no SQLSTATE: the connection went away without a word.
  fault.connection_lost = fault.sqlstate.empty() || severity == "FATAL" || severity == "PANIC";
  if (fault.message.empty()) fault.message = PQresultErrorMessage(result);
  return fault;
}

bool is_success(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/// The plan that was prepared no longer fits the tables (after a migration), or is not there (behind some proxies): a new
/// connection prepares afresh.
bool is_stale_plan(const PGresult* result) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  return state == "26000" || (state == "0A000" && field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery");
}

}  // namespace

void Connection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

Connection::Connection(pg_conn* connection, const ConnectionSettings& settings)
    : connection_(connection),
      statements_(std::make_unique<StatementCache>(settings.prepared_statements)),
      silence_limit_(settings.statement_timeout.count() == 0 ? std::chrono::milliseconds{-1} : settings.statement_timeout + grace) {
  PQsetnonblocking(connection, 1);
  PQenterPipelineMode(connection);
  // Warnings have no reader here; by default they would go to standard error.
  PQsetNoticeReceiver(connection, [](void*, const PGresult*) {}, nullptr);
}

Connection::~Connection() = default;

Fault Connection::lost(std::string_view why) {
  broken_ = true;
  return {.sqlstate = {},
          .message = why.empty() ? "no answer within the time limit" : std::string(why),
          .constraint = {},
          .connection_lost = true};
}

Exchange Connection::exchange(std::span<const Command> commands) {
  Exchange exchange;
  if (broken_ || !send(commands) || PQpipelineSync(connection_.get()) == 0) {
    exchange.fault = lost(PQerrorMessage(connection_.get()));
    return exchange;
  }
  exchange.results.reserve(awaited_.size());
  receive(std::exchange(awaited_, {}), exchange);
  if (!broken_) statements_->trim();
  return exchange;
}

void Connection::send_ahead(std::span<const Command> commands) {
  if (!broken_ && (!send(commands) || PQflush(connection_.get()) < 0)) broken_ = true;
}

bool Connection::send(std::span<const Command> commands) {
  PGconn* connection = connection_.get();
  awaited_.reserve(awaited_.size() + commands.size() + 1);
  // In a transaction that has failed nothing but the way out of it is allowed; and what is under way must not be discarded a second time.
  const bool may_discard = PQtransactionStatus(connection) != PQTRANS_INERROR && awaited_.empty();
  for (const std::string& name : statements_->discarded()) {
    if (!may_discard) break;
    if (PQsendQueryParams(connection, ("DEALLOCATE " + name).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 0) return false;
    awaited_.push_back({Awaited::What::discarding, nullptr});
  }
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const Command& command : commands) {
    const Params& params = command.params == nullptr ? no_params : *command.params;
    const auto count = static_cast<int>(params.size());
    types.clear(), values.clear(), lengths.clear();
    formats.assign(params.size(), 1);
    for (const Param& param : params) {
      types.push_back(param.oid);
      values.push_back(param.bytes ? param.bytes->data() : nullptr);
      lengths.push_back(param.bytes ? static_cast<int>(param.bytes->size()) : 0);
    }
    PreparedStatement& statement = statements_->find(command.sql, command.params);
    if (!statement.is_prepared) {
      if (PQsendPrepare(connection, statement.name.c_str(), statement.sql.c_str(), count, types.data()) == 0) return false;
      statement.is_prepared = true;
      awaited_.push_back({Awaited::What::preparing, &statement});
    }
    if (PQsendQueryPrepared(connection, statement.name.c_str(), count, values.data(), lengths.data(), formats.data(), 1) == 0) return false;
    awaited_.push_back({Awaited::What::running, &statement});
  }
  return true;
}

void Connection::receive(const std::vector<Awaited>& awaited, Exchange& exchange) {
  std::vector<PreparedStatement*> refused;
  std::size_t discarded = 0;
  for (const Awaited& each : awaited) {
    PGresult* result = next_result();
    if (result == nullptr) {
      if (!exchange.fault) exchange.fault = lost(PQerrorMessage(connection_.get()));
      return;
    }
    const bool succeeded = is_success(result);
    if (PQresultStatus(result) == PGRES_FATAL_ERROR && !exchange.fault) {
      exchange.fault = fault_of(result);
      if (is_stale_plan(result)) exchange.fault->connection_lost = true;
      broken_ = broken_ || exchange.fault->connection_lost;
    }
    if (each.what == Awaited::What::running && succeeded && !exchange.fault) {
      exchange.results.emplace_back(result);
    } else {
      PQclear(result);
    }
    if (each.what == Awaited::What::discarding && succeeded) ++discarded;
    if (each.what == Awaited::What::preparing && !succeeded) refused.push_back(each.statement);
    if (exchange.fault && exchange.fault->connection_lost) return;
    while (PGresult* more = next_result()) PQclear(more);
  }
  PGresult* sync = next_result();
  if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC && !exchange.fault) exchange.fault = lost(PQerrorMessage(connection_.get()));
  PQclear(sync);
  // Discarding stands in front of everything, so what failed is the tail.
  auto& names = statements_->discarded();
  names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(discarded));
  for (PreparedStatement* statement : refused) statements_->forget(*statement);
}

PGresult* Connection::next_result() {
  PGconn* connection = connection_.get();
  while (PQisBusy(connection) != 0) {
    const int unsent = PQflush(connection);
    pollfd socket{PQsocket(connection), static_cast<short>(POLLIN | (unsent == 1 ? POLLOUT : 0)), 0};
    const int ready = poll(&socket, 1, static_cast<int>(silence_limit_.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      broken_ = true;
      return nullptr;
    }
    // A failure is told by PQgetResult, after what the server said before it went.
    if (PQconsumeInput(connection) == 0) break;
  }
  return PQgetResult(connection);
}

bool Connection::is_usable() {
  if (broken_ || PQstatus(connection_.get()) != CONNECTION_OK) return false;
  if (listens_) {
    broken_ = PQconsumeInput(connection_.get()) == 0;  // what it hears stays to be asked for
    return !broken_;
  }
  // Between exchanges a server speaks only to say goodbye, or that one of its settings was changed: a new connection is right for both.
  // Where answers are awaited it is gone when it has closed its end.
  pollfd socket{PQsocket(connection_.get()), static_cast<short>(awaited_.empty() ? POLLIN : POLLRDHUP), 0};
  if (poll(&socket, 1, 0) != 0) broken_ = true;
  return !broken_;
}

std::optional<Fault> Connection::listen(const std::string& channel) {
  listens_ = true;
  const std::string sql = "listen " + channel;
  const Command command{sql};
  return exchange({&command, 1}).fault;
}

std::vector<std::string> Connection::await_notifications(std::chrono::milliseconds at_most, int interrupt) {
  PGconn* connection = connection_.get();
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  std::vector<std::string> heard;
  while (is_usable()) {
    while (PGnotify* notification = PQnotifies(connection)) {
      heard.emplace_back(notification->extra);
      PQfreemem(notification);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!heard.empty() || left.count() <= 0) break;
    std::array<pollfd, 2> sources{pollfd{PQsocket(connection), POLLIN, 0}, pollfd{interrupt, POLLIN, 0}};
    const int ready = poll(sources.data(), sources.size(), static_cast<int>(left.count()));
    if (ready > 0 && sources[1].revents != 0) break;
  }
  return heard;
}

bool Connection::is_idle() const { return !broken_ && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE; }

std::optional<Fault> Connection::run_script(const std::string& sql) {
  PGconn* connection = connection_.get();
  if (broken_ || PQexitPipelineMode(connection) == 0 || PQsendQuery(connection, sql.c_str()) == 0) return lost(PQerrorMessage(connection));
  std::optional<Fault> fault;
  while (PGresult* result = next_result()) {
    if (!is_success(result) && !fault) fault = fault_of(result);
    PQclear(result);
  }
  if (PQstatus(connection) != CONNECTION_OK || PQenterPipelineMode(connection) == 0) broken_ = true;
  if (broken_ && !fault) fault = lost(PQerrorMessage(connection));
  return fault;
}

}  // namespace pkg::postgres
