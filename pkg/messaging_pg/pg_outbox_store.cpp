#include "pkg/messaging_pg/pg_outbox_store.hpp"

#include <algorithm>
#include <vector>

#include "pkg/messaging_pg/message_columns.hpp"

namespace pkg::messaging_pg {

using errors::Result;
using messaging::Message;
using messaging::OutboxRow;
using messaging::RelayMark;
using messaging::Seq;
using messaging::SweepRequest;
using messaging::Swept;
using postgres::Param;

namespace {

// One statement, because rows and horizon have to come from one snapshot. Each gap is looked up by itself, since a join may go through the
// whole table to find that there is none.
constexpr std::string_view sweep_all =
    "select pg_snapshot_xmin(s.now)::text::bigint, o.seq, o.channel, o.key, o.type, o.message, o.more "
    "from (select pg_current_snapshot() as now) s left join lateral ("
    " (select seq, channel, key, type, message, more from outbox where seq > $1 order by seq limit $4)"
    " union all"
    " (select found.* from unnest($2::bigint[], $3::bigint[]) as gap (first, last), lateral ("
    "  select seq, channel, key, type, message, more from outbox where seq between gap.first and gap.last order by seq limit $4) as found"
    "  order by seq limit $4)"
    " order by seq limit $4) o on true order by o.seq";

/// Whether a number that was asked for, and that the answer reaches, is not among the rows.
bool misses_some(const SweepRequest& request, const std::vector<OutboxRow>& rows) {
  const Seq last = rows.empty() ? 0 : rows.back().seq;
  const Seq end = rows.size() < request.limit ? std::max({request.above, request.heard, last}) : last;
  Seq wanted = std::max<Seq>(0, end - request.above);
  for (const auto& gap : request.gaps) wanted += std::max<Seq>(0, std::min(gap.last, end) - gap.first + 1);
  return static_cast<Seq>(rows.size()) < wanted;
}

}  // namespace

Result<RelayMark> PgOutboxStore::load_mark() {
  const auto rows = pool_.query(
      "select s.settled, s.broker_identity, s.last_sequence, s.handled, r.name from relay_state s left join lateral unnest(s.readers) as r "
      "(name) on true");
  if (!rows) return errors::pass_on(rows);
  RelayMark mark;
  for (const auto row : *rows) {
    mark.settled = static_cast<Seq>(row.int64(0));
    mark.broker_identity = row.text(1);
    mark.last_sequence = static_cast<std::uint64_t>(row.int64(2));
    mark.handled = static_cast<Seq>(row.int64(3));
    if (!row.is_null(4)) mark.readers.emplace_back(row.text(4));
  }
  return mark;
}

Result<> PgOutboxStore::save_mark(const RelayMark& mark) {
  const auto saved = pool_.query(
      "insert into relay_state as old (settled, broker_identity, last_sequence, handled, readers) values ($1, $2, $3, $4, $5) "
      "on conflict (only_row) do update set settled = greatest(old.settled, excluded.settled), broker_identity = excluded.broker_identity, "
      "last_sequence = excluded.last_sequence, handled = excluded.handled, readers = excluded.readers",
      {mark.settled, mark.broker_identity, mark.last_sequence, mark.handled, Param::array(mark.readers)});
  if (!saved) return errors::pass_on(saved);
  return {};
}

Result<Swept> PgOutboxStore::sweep(const SweepRequest& request) {
  std::vector<std::int64_t> firsts, lasts;
  for (const auto& gap : request.gaps) {
    firsts.push_back(static_cast<std::int64_t>(gap.first));
    lasts.push_back(static_cast<std::int64_t>(gap.last));
  }
  const auto rows = pool_.query(sweep_all, {request.above, Param::array(firsts), Param::array(lasts), request.limit});
  if (!rows) return errors::pass_on(rows);
  Swept swept;
  for (const auto row : *rows) {
    swept.oldest_running = static_cast<std::uint64_t>(row.int64(0));
    if (row.is_null(1)) continue;
    OutboxRow read{.seq = static_cast<Seq>(row.int64(1)), .messages = {}};
    for (auto& message : messages_of(row, 2)) {
      read.messages.push_back(std::make_shared<const Message>(std::move(message)));  // shared as said at OutboxRow
    }
    swept.rows.push_back(std::move(read));
  }
  if (misses_some(request, swept.rows)) {
    // A number of its own, so only where it is needed: taken after the snapshot, it is above that of whoever was running then.
    const auto next = pool_.query("select pg_current_xact_id()::text::bigint");
    if (!next) return errors::pass_on(next);
    swept.bound = static_cast<std::uint64_t>((*next)[0].int64(0));
  }
  return swept;
}

Result<> PgOutboxStore::record_dead(const messaging::OutboxMessage& dead) {
  const Message* const message = dead.message.get();
  postgres::Params params = as_columns(std::span(&message, 1));
  params.emplace_back(dead.place.seq);
  params.emplace_back(dead.place.part);
  const auto recorded = pool_.query(
      "insert into outbox_dead (seq, part, channel, key, type, message) select $5, $6, * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) "
      "on conflict do nothing",
      std::move(params));
  if (!recorded) return errors::pass_on(recorded);
  return {};
}

Result<std::uint64_t> PgOutboxStore::delete_up_to(Seq last, std::size_t limit) {
  const auto rows = pool_.query(
      "with gone as (delete from outbox where seq = any (array("
      "select seq from outbox where seq > $1 and seq <= $2 order by seq limit $3)) returning seq) select count(*), max(seq) from gone",
      {deleted_, last, limit});
  if (!rows) return errors::pass_on(rows);
  const auto row = (*rows)[0];
  if (!row.is_null(1)) deleted_ = row.int64(1);
  return static_cast<std::uint64_t>(row.int64(0));
}

}  // namespace pkg::messaging_pg
