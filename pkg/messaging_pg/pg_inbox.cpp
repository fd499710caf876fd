#include "pkg/messaging_pg/pg_inbox.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "pkg/messaging_pg/message_columns.hpp"
#include "pkg/messaging_pg/pg_leadership.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::messaging_pg {

using errors::Result;
using messaging::Admission;
using messaging::Message;
using postgres::Param;

namespace {

// Arrays stand in a sub-select so that the planner cannot count their elements, and who leads is a statement of its own kind where nobody
// is named: it would make a new plan each time, for several times the price of running it.
std::string admit_all(std::string_view leads) {
  return "with incoming as (select * from unnest((select $1::uuid[]), (select $2::text[]), (select $3::text[])) "
         "with ordinality as i (id, channel, key, n)), "
         "taken as (insert into inbox (message_id) select id from incoming order by id on conflict do nothing returning message_id) "
         "select t.message_id is not null, "
         "exists (select from parked_messages p where p.channel = i.channel and p.key = i.key), " +
         std::string(leads) + " from incoming i left join taken t on t.message_id = i.id order by i.n";
}

// Records those that are as expected; fewer than all fail the unit, and so does one that was recorded before.
std::string admit_expected(std::string_view leads) {
  return "insert into inbox (message_id) select id from (select unnest((select $1::uuid[])) as id, unnest($2::text[]) as channel, "
         "unnest($3::text[]) as key, unnest($4::bigint[]) as waits) as i where " +
         std::string(leads) + " and exists (select from parked_messages p where p.channel = i.channel and p.key = i.key) = (i.waits = 1)";
}

constexpr std::string_view nobody_leads = "true";
std::string process_leads(std::string_view process) { return "(select process = " + std::string(process) + " from messaging_leader)"; }

struct Columns {
  std::vector<ids::Uuid> ids;
  std::vector<std::string> channels, keys;

  void add(const Message& message) { add(inbox_id(message), message); }
  void add(const ids::Uuid& id, const Message& message) {
    ids.push_back(id);
    channels.push_back(message.channel);
    keys.push_back(message.key);
  }
  postgres::Params params() const { return {Param::array(ids), Param::array(channels), Param::array(keys)}; }
};

}  // namespace

// A statement of its own, so that the next one's snapshot is younger than the lock.
void PgInbox::lock(postgres::Transaction& transaction) const {
  if (process_) transaction.execute("select pg_advisory_xact_lock_shared($1)", {handling_lock});
}

void PgInbox::admit_as_expected(uow::UnitOfWork& unit, std::span<const messaging::Expected> messages) {
  auto& transaction = postgres::transaction_of(unit);
  lock(transaction);
  // In the order of their ids, so that two processes with the same messages wait for one another in one direction only.
  std::vector<std::pair<ids::Uuid, const messaging::Expected*>> in_order;
  in_order.reserve(messages.size());
  for (const auto& expected : messages) in_order.emplace_back(inbox_id(*expected.message), &expected);
  std::ranges::sort(in_order, {}, [](const auto& each) { return each.first; });
  Columns columns;
  std::vector<std::int64_t> waits;
  for (const auto& [id, expected] : in_order) {
    columns.add(id, *expected->message);
    waits.push_back(expected->key_waits ? 1 : 0);
  }
  static const std::string sql = admit_expected(nobody_leads), sql_of_a_process = admit_expected(process_leads("$5"));
  auto params = columns.params();
  params.push_back(Param::array(waits));
  if (process_) params.emplace_back(*process_);
  auto expected = postgres::expect_rows(messages.size(), not_as_expected());
  transaction.execute(process_ ? sql_of_a_process : sql, std::move(params), std::move(expected.violation("inbox_pkey", not_as_expected())));
}

Result<std::vector<Admission>> PgInbox::admit(uow::UnitOfWork& unit, std::span<const Message* const> messages) {
  Columns columns;
  for (const Message* message : messages) columns.add(*message);
  auto& transaction = postgres::transaction_of(unit);
  lock(transaction);
  static const std::string sql = admit_all(nobody_leads), sql_of_a_process = admit_all(process_leads("$4"));
  auto params = columns.params();
  if (process_) params.emplace_back(*process_);
  const auto rows = transaction.query(process_ ? sql_of_a_process : sql, std::move(params));
  if (!rows) return errors::pass_on(rows);
  if (!rows->empty() && !(*rows)[0].boolean(2)) {
    return errors::fail(errors::ErrorKind::unavailable, "leads_no_longer", "Another process handles messages now.");
  }
  std::vector<Admission> admissions;
  std::unordered_set<ids::Uuid> here;
  for (const auto row : *rows) {
    const bool first = here.insert(columns.ids[admissions.size()]).second;
    admissions.push_back({row.boolean(0) && first, row.boolean(1)});
  }
  return admissions;
}

Result<std::uint64_t> PgInbox::forget_before(clock::TimePoint time, std::size_t limit) {
  const auto gone =
      pool_.query("delete from inbox where ctid = any (array(select ctid from inbox where received_at < $1 limit $2))", {time, limit});
  if (!gone) return errors::pass_on(gone);
  return gone->affected();
}

}  // namespace pkg::messaging_pg
