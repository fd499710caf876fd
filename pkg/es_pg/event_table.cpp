#include "pkg/es_pg/event_table.hpp"

#include "pkg/postgres/transactor.hpp"

namespace pkg::es_pg {
namespace {

using errors::Result;
using postgres::Param;
using postgres::Params;

constexpr std::string_view load_events = R"(
  select version, type, type_version, payload from events where aggregate_kind = $1 and aggregate_id = $2 order by version)";

// A row without a type is the snapshot; its version puts it in front of the events after it.
constexpr std::string_view load_snapshot_and_events = R"(
  select version, null::text, codec_version, payload from snapshots
    where aggregate_kind = $1 and aggregate_id = $2 and codec_version = $3
  union all
  select version, type, type_version, payload from events
    where aggregate_kind = $1 and aggregate_id = $2
      and version > coalesce((select version from snapshots where aggregate_kind = $1 and aggregate_id = $2 and codec_version = $3), 0)
  order by 1)";

const postgres::RowStatement insert_event(
    "aggregate_id uuid, aggregate_kind text, version bigint, occurred_at timestamptz, correlation_id text, causation_id text, type text, "
    "type_version bigint, payload bytea",
    "insert into events (aggregate_id, aggregate_kind, version, occurred_at, correlation_id, causation_id, type, type_version, payload) "
    "select * from $given",
    postgres::RowStatement::SameFirst::together);

constexpr std::string_view upsert_snapshot = R"(
  insert into snapshots (aggregate_kind, aggregate_id, version, codec_version, payload, taken_at) values ($1, $2, $3, $4, $5, $6)
    on conflict (aggregate_kind, aggregate_id) do update
      set version = excluded.version, codec_version = excluded.codec_version, payload = excluded.payload, taken_at = excluded.taken_at
      where snapshots.version <= excluded.version)";

postgres::Expect version_is_free() { return postgres::on_violation("events_pkey", postgres::contended()); }

}  // namespace

Result<StoredStream> EventTable::load(uow::UnitOfWork& unit, const ids::Uuid& id, std::optional<int> snapshot_version) const {
  Params params{kind_, id};
  if (snapshot_version) params.emplace_back(*snapshot_version);
  const auto rows = postgres::transaction_of(unit).query(snapshot_version ? load_snapshot_and_events : load_events, std::move(params));
  if (!rows) return errors::pass_on(rows);
  StoredStream stream;
  es::Version last = 0;
  for (const postgres::Row row : *rows) {
    const auto version = static_cast<es::Version>(row.int64(0));
    if (row.is_null(1)) {
      stream.snapshot = StoredSnapshot{version, std::string(row.bytes(3))};
    } else {
      const auto type_version = static_cast<int>(row.int64(2));
      if (version != last + 1) return std::unexpected(unreadable(id, last + 1, "nothing, though later ones are there", 0));
      stream.events.push_back({std::string(row.text(1)), type_version, std::string(row.bytes(3))});
    }
    last = version;
  }
  return stream;
}

void EventTable::append(uow::UnitOfWork& unit, const ids::Uuid& id, es::Version base, const std::vector<StoredEvent>& events) const {
  const auto now = clock_.now();
  const auto& cause = unit.cause();
  es::Version version = base;
  for (const StoredEvent& event : events) {
    postgres::transaction_of(unit).execute(
        insert_event,
        {id, kind_, ++version, now, cause.correlation_id, cause.causation_id, event.type, event.type_version, Param::bytea(event.payload)},
        version_is_free());
  }
}

void EventTable::save_snapshot(uow::UnitOfWork& unit, const ids::Uuid& id, int snapshot_version, const StoredSnapshot& snapshot) const {
  postgres::transaction_of(unit).execute(upsert_snapshot,
                                         {kind_, id, snapshot.version, snapshot_version, Param::bytea(snapshot.payload), clock_.now()});
}

errors::Error EventTable::unreadable(const ids::Uuid& id, es::Version version, std::string_view type, int type_version) const {
  return {errors::ErrorKind::internal,
          "unreadable_event",
          "Event " + std::to_string(version) + " of " + kind_ + " " + id.to_string() + " cannot be read: it is " + std::string(type) +
              " version " + std::to_string(type_version) + ".",
          {}};
}

}  // namespace pkg::es_pg
