// Outboxes first, then the inboxes of those who subscribe: what was not there yet when the outbox was read is not asked for.

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "mallctl/audit/reading.hpp"
#include "pkg/messaging_pg/message_columns.hpp"
#include "pkg/postgres/transactor.hpp"

namespace mallctl::audit {
namespace {

using pkg::errors::pass_on;
using pkg::postgres::Param;
using pkg::postgres::Transaction;
using pkg::uow::UnitOfWork;

/// What each subscriber must have seen.
using Awaited = std::map<std::string, std::vector<OutboxRow>>;

/// A row of the outbox and which of its messages.
using Place = std::pair<std::int64_t, std::int64_t>;

bool hears(const pkg::agent::Subscriptions& who, std::string_view channel, std::string_view type) {
  return std::ranges::find(who.channels, channel) != who.channels.end() && std::ranges::find(who.types, type) != who.types.end();
}

OutboxRow outbox_row(const std::string& service, const pkg::messaging::Message& message, TimePoint created_at) {
  return {.service = service,
          .id = pkg::messaging_pg::inbox_id(message).to_string(),
          .type = message.type,
          .key = message.key,
          .created_at = created_at,
          .subscriber = {}};
}

Read read_refused(const std::string& service, Transaction& transaction, Books& books, std::set<Place>& refused) {
  const auto rows = transaction.query("SELECT seq, part, refused_at, channel, key, type, message FROM outbox_dead ORDER BY seq, part");
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    refused.emplace(row.int64(0), row.int64(1));
    books.messages.refused.push_back(outbox_row(service, pkg::messaging_pg::message_of(row, 3), row.time(2)));
  }
  return {};
}

Read read_outbox(const std::string& service, const Subscribers& subscribers, Transaction& transaction, Books& books, Awaited& awaited) {
  constexpr std::size_t page = 5000;
  std::set<Place> refused;
  if (auto read = read_refused(service, transaction, books, refused); !read) return read;
  const auto state = transaction.query("SELECT settled FROM relay_state");
  if (!state) return pass_on(state);
  const std::int64_t settled = state->empty() ? 0 : (*state)[0].int64(0);
  std::int64_t last = 0;
  for (std::size_t seen = page; seen == page;) {
    const auto rows = transaction.query(
        "SELECT seq, created_at, channel, key, type, message, more FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2", {last, page});
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) {
      last = row.int64(0);
      std::int64_t part = 0;
      for (const auto& message : pkg::messaging_pg::messages_of(row, 2)) {
        if (refused.contains({last, part++})) continue;
        auto one = outbox_row(service, message, row.time(1));
        if (last > settled) {
          books.messages.unconfirmed.push_back(std::move(one));
          continue;
        }
        for (const auto& [name, subscriptions] : subscribers) {
          if (!hears(subscriptions, message.channel, message.type)) continue;
          ++books.messages.confirmed;
          one.subscriber = name;
          awaited[name].push_back(one);
        }
      }
    }
    seen = rows->size();
  }
  return {};
}

Read read_parked(const std::string& service, Transaction& transaction, Books& books) {
  const auto rows = transaction.query(
      "SELECT message_id, type, key, state, why, parked_at, next_attempt_at,"
      " EXISTS (SELECT FROM inbox i WHERE i.message_id = p.message_id),"
      " NOT EXISTS (SELECT FROM parked_messages q WHERE q.channel = p.channel AND q.key = p.key AND q.position < p.position),"
      " count(*) OVER (PARTITION BY message_id) FROM parked_messages p ORDER BY position");
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    books.messages.parked.push_back({.service = service,
                                     .id = row.uuid(0).to_string(),
                                     .type = std::string(row.text(1)),
                                     .key = std::string(row.text(2)),
                                     .state = std::string(row.text(3)),
                                     .why = std::string(row.text(4)),
                                     .parked_at = row.time(5),
                                     .next_attempt_at = row.time(6),
                                     .in_inbox = row.boolean(7),
                                     .is_head = row.boolean(8),
                                     .copies = row.int64(9)});
  }
  return {};
}

Read read_inbox(Transaction& transaction, const std::vector<OutboxRow>& awaited, Books& books) {
  constexpr std::size_t page = 5000;
  for (std::size_t first = 0; first < awaited.size(); first += page) {
    const std::size_t last = std::min(awaited.size(), first + page);
    std::vector<Uuid> ids;
    for (std::size_t i = first; i < last; ++i) ids.push_back(Uuid::parse(awaited[i].id).value_or(Uuid{}));
    const auto rows = transaction.query(
        "SELECT n - 1 FROM unnest($1::uuid[]) WITH ORDINALITY AS sent (id, n)"
        " WHERE NOT EXISTS (SELECT FROM inbox WHERE message_id = id) AND NOT EXISTS (SELECT FROM parked_messages WHERE message_id = id)",
        {Param::array(ids)});
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) books.messages.unseen.push_back(awaited[first + static_cast<std::size_t>(row.int64(0))]);
  }
  return {};
}

}  // namespace

Read read_messages(Databases& databases, const Subscribers& subscribers, Books& books) {
  Awaited awaited;
  for (const auto& service : services()) {
    auto read = databases.read(
        service, [&](UnitOfWork&, Transaction& transaction) { return read_outbox(service, subscribers, transaction, books, awaited); });
    if (!read) return read;
  }
  for (const auto& service : services()) {
    auto read = databases.read(service, [&](UnitOfWork&, Transaction& transaction) -> Read {
      if (auto parked = read_parked(service, transaction, books); !parked) return parked;
      return read_inbox(transaction, awaited[service], books);
    });
    if (!read) return read;
  }
  return {};
}

}  // namespace mallctl::audit
