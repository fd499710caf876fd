#include "pkg/messaging_pg/pg_inbox.hpp"

#include <string>
#include <unordered_set>

#include "pkg/messaging_pg/message_columns.hpp"
#include "pkg/messaging_pg/pg_leadership.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::messaging_pg {

using errors::Result;
using messaging::Admission;
using messaging::Message;
using postgres::Param;

namespace {

constexpr std::string_view admit_all =
    "with incoming as (select * from unnest($1::uuid[], $2::text[], $3::text[]) with ordinality as i (id, channel, key, n)), "
    "taken as (insert into inbox (message_id) select id from incoming order by id on conflict do nothing returning message_id) "
    "select t.message_id is not null, "
    "exists (select from parked_messages p where p.channel = i.channel and p.key = i.key), "
    "$4::uuid is null or (select process = $4 from messaging_leader) "
    "from incoming i left join taken t on t.message_id = i.id order by i.n";

}  // namespace

Result<std::vector<Admission>> PgInbox::admit(uow::UnitOfWork& unit, std::span<const Message* const> messages) {
  std::vector<ids::Uuid> ids;
  std::vector<std::string> channels, keys;
  for (const Message* message : messages) {
    ids.push_back(inbox_id(*message));
    channels.push_back(message->channel);
    keys.push_back(message->key);
  }
  auto& transaction = postgres::transaction_of(unit);
  // A statement of its own, so that the next one's snapshot is younger than the lock.
  if (process_) transaction.execute("select pg_advisory_xact_lock_shared($1)", {handling_lock});
  const auto rows = transaction.query(admit_all, {Param::array(ids), Param::array(channels), Param::array(keys), process_});
  if (!rows) return errors::pass_on(rows);
  if (!rows->empty() && !(*rows)[0].boolean(2)) {
    return errors::fail(errors::ErrorKind::unavailable, "leads_no_longer", "Another process handles messages now.");
  }
  std::vector<Admission> admissions;
  std::unordered_set<ids::Uuid> here;
  for (const auto row : *rows) {
    const bool first = here.insert(ids[admissions.size()]).second;
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
