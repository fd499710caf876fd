#include "pkg/saga_pg/pg_saga_store.hpp"

#include <algorithm>
#include <utility>

#include "pkg/postgres/transaction.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/saga_pg/saga_history.hpp"
#include "pkg/saga_pg/saga_rows.hpp"

namespace pkg::saga_pg {
namespace {

using errors::Result;
using saga::HistoryEntry;
using saga::State;

const std::string columns(saga_columns);

const std::string load_sql = "select " + columns + " from sagas where saga_name = $1 and saga_id = $2";

// Conflicting with a saga that is there already inserts nothing, and then the row count is not the expected one.
const postgres::RowStatement insert_saga(
    std::string(step_row) + ", " + std::string(first_row),
    "insert into sagas (" + columns +
        ", history) select saga_id, saga_name, version, status, data, steps::text[], out_step, out_direction, out_message_id, out_round, "
        "out_attempt, out_refused, wake_at, changed_at, failed_step, failure_code, failure_detail, alert, ignored, definition_version, "
        "data_version, started_at, correlation_id, traceparent, history from $given on conflict on constraint sagas_key do nothing");

// A history that is stored outside of its row is not fetched where nothing is added.
const postgres::RowStatement update_saga(
    step_row,
    "update sagas set version = given.version, status = given.status, data = given.data, steps = given.steps::text[], "
    "out_step = given.out_step, out_direction = given.out_direction, out_message_id = given.out_message_id, out_round = given.out_round, "
    "out_attempt = given.out_attempt, out_refused = given.out_refused, wake_at = given.wake_at, changed_at = given.changed_at, "
    "failed_step = given.failed_step, failure_code = given.failure_code, failure_detail = given.failure_detail, alert = given.alert, "
    "ignored = given.ignored, "
    "history = case when given.history = '' then sagas.history else given.history || sagas.history end from $given "
    "where sagas.saga_name = given.saga_name and sagas.saga_id = given.saga_id and sagas.version = given.version - 1");

const postgres::RowStatement insert_history(
    "saga_id text, saga_name text, version bigint, line bigint, at timestamptz, step text, direction text, what text, detail text, more text",
    "insert into saga_history (saga_id, saga_name, version, line, at, step, direction, what, detail, more) "
    "select saga_id, saga_name, version, line, at, step, direction, what, detail, more::text[] from $given",
    postgres::RowStatement::SameFirst::together);

// The row's own, which is one text, and what went to saga_history.
constexpr std::string_view history_sql =
    "select 0 as version, 0 as line, history, started_at as at, '', '', '', '', '{}'::text[] from sagas where saga_name = $1 and saga_id = $2 "
    "union all select version, line, '', at, step, direction, what, detail, more from saga_history where saga_name = $1 and saga_id = $2 "
    "order by version, line";

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
  if (filter.only_alerts) sql += " and alert";
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
  const std::string text = history_text(state.version, history);
  const bool in_row = fits_in_row(state.version, text);
  const std::string_view own = in_row ? std::string_view(text) : "";
  const bool is_new = state.version == 1;
  transaction.execute(is_new ? insert_saga : update_saga, is_new ? first_params(state, own) : step_params(state, own),
                      postgres::expect_rows(1, postgres::contended()));
  if (!in_row && !history.empty()) {
    const HistoryEntry& first = history.front();
    transaction.execute(insert_history, {state.id, state.name, state.version, 1, first.time, first.step, first.direction, first.what,
                                         first.detail, further_lines(history.subspan(1))});
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
  std::vector<Told> told;
  for (const auto row : *rows) {
    const std::int64_t version = row.int64(0);
    if (version == 0) {
      read_history_text(row.text(2), told);
      continue;
    }
    told.push_back(
        {version, {row.time(3), std::string(row.text(4)), std::string(row.text(5)), std::string(row.text(6)), std::string(row.text(7))}});
    read_further_lines(version, row.texts(8), told);
  }
  std::ranges::stable_sort(told, {}, &Told::version);
  std::vector<HistoryEntry> history;
  for (auto& [_, entry] : told) history.push_back(std::move(entry));
  return history;
}

Result<std::size_t> PgSagaStore::remove_ended(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint before, std::size_t limit) {
  const auto rows = postgres::transaction_of(unit).query(remove_ended_sql, {name, before, limit});
  if (!rows) return errors::pass_on(rows);
  return static_cast<std::size_t>(rows->size());
}

}  // namespace pkg::saga_pg
