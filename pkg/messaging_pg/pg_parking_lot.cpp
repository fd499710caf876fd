#include "pkg/messaging_pg/pg_parking_lot.hpp"

#include <string>

#include "pkg/messaging/cloud_event.hpp"
#include "pkg/messaging/header_text.hpp"
#include "pkg/messaging/stored_message.hpp"
#include "pkg/messaging_pg/message_columns.hpp"
#include "pkg/postgres/row_statement.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::messaging_pg {

using errors::ErrorKind;
using errors::Result;
using messaging::ParkedCounts;
using messaging::ParkedMessage;
using messaging::ParkedQuery;
using messaging::ParkedState;
using postgres::Param;

namespace {

constexpr std::string_view columns = "position, channel, key, type, message, raw, state, attempts, why, parked_at, next_attempt_at";

std::string select(std::string_view rest) { return "select " + std::string(columns) + " from parked_messages p " + std::string(rest); }

std::string_view name_of(ParkedState state) {
  switch (state) {
    case ParkedState::waiting: return "waiting";
    case ParkedState::dead: return "dead";
  }
  return "dead";
}

// What came from outside must not make the row impossible to store.
std::string storable(const std::string& text) { return messaging::is_plain_utf8(text) ? text : messaging::printable(text); }

ParkedMessage parked_of(const postgres::Row& row) {
  ParkedMessage parked;
  parked.position = row.int64(0);
  parked.message = message_of(row, 1);
  parked.raw = row.bytes(5);
  parked.state = row.text(6) == "dead" ? ParkedState::dead : ParkedState::waiting;
  parked.attempts = static_cast<std::uint32_t>(row.int64(7));
  parked.why = row.text(8);
  parked.parked_at = row.time(9);
  parked.next_attempt_at = row.time(10);
  return parked;
}

Result<std::vector<ParkedMessage>> all_of(const Result<postgres::Rows>& rows) {
  if (!rows) return errors::pass_on(rows);
  std::vector<ParkedMessage> found;
  for (const auto row : *rows) found.push_back(parked_of(row));
  return found;
}

// For rows, so that what waits does not keep apart the rows of those that are handled before and after it. The positions follow the order.
const postgres::RowStatement insert_parked(
    "message_id uuid, channel text, key text, type text, message bytea, raw bytea, state text, attempts bigint, why text,"
    " parked_at timestamptz, next_attempt_at timestamptz",
    "insert into parked_messages (message_id, channel, key, type, message, raw, state, attempts, why, parked_at, next_attempt_at) "
    "select message_id, channel, key, type, message, raw, state, attempts, why, parked_at, next_attempt_at from $given "
    "order by given.place");

errors::Error not_found() { return {ErrorKind::not_found, "parked_message_not_found", "No such parked message.", {}}; }

}  // namespace

void PgParkingLot::park(uow::UnitOfWork& unit, const ParkedMessage& parked) {
  const auto& message = parked.message;
  postgres::transaction_of(unit).execute(
      insert_parked, {inbox_id(message), storable(message.channel), storable(message.key), storable(message.type),
                      Param::bytea(messaging::to_stored(message)), Param::bytea(parked.raw), name_of(parked.state), parked.attempts,
                      storable(parked.why), parked.parked_at, parked.next_attempt_at});
}

void PgParkingLot::remove(uow::UnitOfWork& unit, std::int64_t position) {
  const errors::Error gone{ErrorKind::conflict, "parked_message_gone", "The parked message is not there any more.", {}};
  postgres::transaction_of(unit).execute("delete from parked_messages where position = $1", {position}, postgres::expect_rows(1, gone));
}

// From each key to the next by the index: a key may have very many waiting behind its oldest.
Result<std::vector<ParkedMessage>> PgParkingLot::heads(std::size_t limit) {
  static const std::string sql =
      "with recursive heads as ("
      "(select channel, key, position from parked_messages order by channel, key, position limit 1) union all "
      "select n.channel, n.key, n.position from heads h cross join lateral (select q.channel, q.key, q.position from parked_messages q "
      "where (q.channel, q.key) > (h.channel, h.key) order by q.channel, q.key, q.position limit 1) n) " +
      select("where position in (select position from heads) and state = 'waiting' order by next_attempt_at, position limit $1");
  return all_of(pool_.query(sql, {limit}));
}

Result<std::optional<ParkedMessage>> PgParkingLot::next_of(const ParkedMessage& parked) {
  const auto rows = pool_.query(select("where channel = $1 and key = $2 and position > $3 order by position limit 1"),
                                {storable(parked.message.channel), storable(parked.message.key), parked.position});
  if (!rows) return errors::pass_on(rows);
  if (rows->empty()) return std::nullopt;
  ParkedMessage next = parked_of((*rows)[0]);
  return next.state == ParkedState::waiting ? std::optional(std::move(next)) : std::nullopt;
}

Result<> PgParkingLot::keep(const ParkedMessage& parked) {
  const auto kept = pool_.query("update parked_messages set state = $2, attempts = $3, why = $4, next_attempt_at = $5 where position = $1",
                                {parked.position, name_of(parked.state), parked.attempts, storable(parked.why), parked.next_attempt_at});
  if (!kept) return errors::pass_on(kept);
  return {};
}

Result<std::vector<ParkedMessage>> PgParkingLot::list(const ParkedQuery& query) {
  const std::string_view state = query.state ? name_of(*query.state) : "";
  return all_of(
      pool_.query(select("where ($1 = '' or state = $1) and ($2 = '' or channel = $2) and position > $3 order by position limit $4"),
                  {state, query.channel, query.after, query.limit}));
}

Result<ParkedCounts> PgParkingLot::count() {
  const auto rows =
      pool_.query("select count(*) filter (where state = 'waiting'), count(*) filter (where state = 'dead') from parked_messages");
  if (!rows) return errors::pass_on(rows);
  return ParkedCounts{static_cast<std::uint64_t>((*rows)[0].int64(0)), static_cast<std::uint64_t>((*rows)[0].int64(1))};
}

Result<> PgParkingLot::replay(std::int64_t position, clock::TimePoint now) {
  const auto rows = pool_.query(
      "with found as (select position, raw = '' as readable from parked_messages where position = $1), "
      "again as (update parked_messages p set state = 'waiting', attempts = 0, next_attempt_at = $2 from found "
      "where p.position = found.position and found.readable) select readable from found",
      {position, now});
  if (!rows) return errors::pass_on(rows);
  if (rows->empty()) return std::unexpected(not_found());
  if ((*rows)[0].boolean(0)) return {};
  return errors::fail(ErrorKind::rejected, "parked_message_undecodable", "What cannot be decoded cannot be replayed, only discarded.");
}

Result<> PgParkingLot::discard(std::int64_t position) {
  const auto gone = pool_.query("delete from parked_messages where position = $1", {position});
  if (!gone) return errors::pass_on(gone);
  if (gone->affected() == 0) return std::unexpected(not_found());
  return {};
}

}  // namespace pkg::messaging_pg
