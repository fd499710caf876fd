#include "pkg/saga_pg/pg_saga_store.hpp"

#include <utility>

#include "pkg/postgres/transaction.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/saga_pg/saga_rows.hpp"

namespace pkg::saga_pg {
namespace {

using errors::Result;
using saga::HistoryEntry;
using saga::State;

const std::string columns(saga_columns);

const std::string load_sql = "select " + columns + " from sagas where saga_name = $1 and saga_id = $2";

// Conflicting with a saga that is there already inserts nothing, and then the row count is not the expected one.
const std::string insert_sql =
    "insert into sagas (" + columns +
    ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
    "$24) on conflict on constraint sagas_key do nothing";

constexpr std::string_view update_sql =
    "update sagas set definition_version = $3, data_version = $4, version = $5, status = $6, data = $7, steps = $8, out_step = $9, "
    "out_direction = $10, out_message_id = $11, out_round = $12, out_attempt = $13, out_refused = $14, wake_at = $15, started_at = $16, "
    "changed_at = $17, failed_step = $18, failure_code = $19, failure_detail = $20, alert = $21, ignored = $22, correlation_id = $23, "
    "traceparent = $24 where saga_name = $1 and saga_id = $2 and version = $5 - 1";

constexpr std::string_view history_insert_sql =
    "insert into saga_history (saga_name, saga_id, version, line, at, step, direction, what, detail) "
    "select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)";

constexpr std::string_view history_sql =
    "select at, step, direction, what, detail from saga_history where saga_name = $1 and saga_id = $2 order by version, line";

// The history goes with its saga; what another replica is removing is passed over.
constexpr std::string_view remove_ended_sql =
    "with old as (select saga_id from sagas where saga_name = $1 and ended_at < $2 order by ended_at limit $3 for update skip locked), "
    "past as (delete from saga_history using old where saga_name = $1 and saga_history.saga_id = old.saga_id) "
    "delete from sagas using old where saga_name = $1 and sagas.saga_id = old.saga_id returning sagas.saga_id";

// The list of live states, spelled out so that the index on what has not completed is used.
constexpr std::string_view live = " from sagas where saga_name = $1 and status in ('running', 'compensating', 'canceling')";

const std::string due_sql =
    "select " + columns + std::string(live) + " and wake_at <= $2 order by wake_at, saga_id limit $3 for update skip locked";

const std::string next_wake_sql = "select min(wake_at)" + std::string(live);

std::string list_sql(const saga::ListFilter& filter, bool after) {
  std::string sql = "select " + columns + " from sagas where saga_name = $1";
  // Completed sagas have no alert; saying so lets the partial index serve.
  if (filter.only_alerts) sql += " and alert and status <> 'completed'";
  if (filter.status) sql += " and status = '" + std::string(saga::word(*filter.status)) + "'";
  if (after) sql += " and saga_id < $3";
  return sql + " order by saga_id desc limit $2";
}

Result<std::vector<State>> read_all(const Result<postgres::Rows>& rows) {
  if (!rows) return errors::pass_on(rows);
  std::vector<State> states;
  for (const auto row : *rows) {
    auto state = read_saga(row);
    if (!state) return errors::pass_on(state);
    states.push_back(std::move(*state));
  }
  return states;
}

}  // namespace

void PgSagaStore::insert_history(postgres::Transaction& transaction, const std::vector<Happened>& rows) {
  using postgres::Param;
  const auto texts = [&](auto text_of) {
    std::vector<std::string> all;
    for (const auto& row : rows) all.push_back(text_of(row));
    return Param::array(std::span<const std::string>(all));
  };
  std::vector<std::int64_t> versions, lines;
  std::vector<clock::TimePoint> times;
  for (const auto& row : rows) {
    versions.push_back(row.version);
    lines.push_back(row.line);
    times.push_back(row.entry.time);
  }
  transaction.execute(
      history_insert_sql,
      {texts([](const Happened& row) { return row.saga.first; }), texts([](const Happened& row) { return row.saga.second; }),
       Param::array(std::span<const std::int64_t>(versions)), Param::array(std::span<const std::int64_t>(lines)),
       Param::array(std::span<const clock::TimePoint>(times)), texts([](const Happened& row) { return row.entry.step; }),
       texts([](const Happened& row) { return row.entry.direction; }), texts([](const Happened& row) { return row.entry.what; }),
       texts([](const Happened& row) { return row.entry.detail; })});
}

Result<std::optional<State>> PgSagaStore::load(uow::UnitOfWork& unit, std::string_view name, std::string_view id,
                                               saga::Freshness freshness) {
  const Key key{name, id};
  if (freshness != saga::Freshness::current) {
    if (auto known = recent_.find(unit, key)) return known;
  }
  if (freshness == saga::Freshness::assumed_new && !recent_.is_in_doubt(key)) return std::nullopt;
  recent_.settle_doubt(key);
  auto found = read_all(postgres::transaction_of(unit).query(load_sql, {name, id}));
  if (!found) return errors::pass_on(found);
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<> PgSagaStore::save(uow::UnitOfWork& unit, const State& state, std::span<const HistoryEntry> history) {
  auto& transaction = postgres::transaction_of(unit);
  transaction.execute(state.version == 1 ? std::string_view(insert_sql) : update_sql, saga_params(state),
                      postgres::expect_rows(1, postgres::contended()));
  for (std::int64_t line = 1; const auto& entry : history) {
    history_.add(unit, {{state.name, state.id}, static_cast<std::int64_t>(state.version), line++, entry});
  }
  recent_.write(unit, {state.name, state.id}, state);
  return {};
}

Result<std::vector<State>> PgSagaStore::due(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint now, std::size_t limit) {
  return read_all(postgres::transaction_of(unit).query(due_sql, {name, now, limit}));
}

Result<std::optional<clock::TimePoint>> PgSagaStore::next_wake(uow::UnitOfWork& unit, std::string_view name) {
  const auto rows = postgres::transaction_of(unit).query(next_wake_sql, {name});
  if (!rows) return errors::pass_on(rows);
  return (*rows)[0].maybe_time(0);
}

Result<saga::Page> PgSagaStore::list(uow::UnitOfWork& unit, std::string_view name, const saga::ListFilter& filter, std::size_t page_size,
                                     std::string_view page_token) {
  postgres::Params params{name, page_size + 1};
  if (!page_token.empty()) params.emplace_back(page_token);
  auto found = read_all(postgres::transaction_of(unit).query(list_sql(filter, !page_token.empty()), std::move(params)));
  if (!found) return errors::pass_on(found);
  saga::Page page{.sagas = std::move(*found), .next_page_token = {}};
  if (page.sagas.size() > page_size) {
    page.sagas.resize(page_size);
    page.next_page_token = page.sagas.empty() ? std::string() : page.sagas.back().id;
  }
  return page;
}

Result<std::vector<HistoryEntry>> PgSagaStore::history(uow::UnitOfWork& unit, std::string_view name, std::string_view id) {
  const auto rows = postgres::transaction_of(unit).query(history_sql, {name, id});
  if (!rows) return errors::pass_on(rows);
  std::vector<HistoryEntry> history;
  for (const auto row : *rows) {
    history.push_back(
        {row.time(0), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4))});
  }
  return history;
}

Result<std::size_t> PgSagaStore::remove_ended(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint before, std::size_t limit) {
  const auto rows = postgres::transaction_of(unit).query(remove_ended_sql, {name, before, limit});
  if (!rows) return errors::pass_on(rows);
  return static_cast<std::size_t>(rows->size());
}

}  // namespace pkg::saga_pg
