#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/es_pg/codec.hpp"
#include "pkg/es_pg/event_table.hpp"
#include "pkg/postgres/recent_writes.hpp"

namespace pkg::es_pg {

/// Keeps events in the tables of pkg/es_pg/migrations.hpp, in the units of a PgTransactor. A load is one round trip, an append none
/// before the commit; what this process wrote last is remembered, a thousand aggregates of it. A stored event that the codec does not know
/// fails the load: `internal`, code "unreadable_event".
template <es::Aggregate A>
class PgEventStore final : public es::EventStore<A> {
 public:
  using Id = typename A::Id;

  /// The clock stamps the events and outlives the store.
  PgEventStore(EventCodec<A> codec, const clock::Clock& clock, std::optional<SnapshotCodec<A>> snapshots = std::nullopt)
      : codec_(std::move(codec)), snapshots_(std::move(snapshots)), table_(A::kind, clock) {}

  errors::Result<es::Loaded<A>> load(uow::UnitOfWork& unit, const Id& id, es::Look look) override {
    if (look != es::Look::stored) {
      if (auto known = recent_.find(unit, id)) {
        known->remembered = true;
        return *std::move(known);
      }
    }
    if (look == es::Look::as_new && !recent_.is_in_doubt(id)) return es::Loaded<A>{.remembered = true};
    recent_.settle_doubt(id);
    auto stream = table_.load(unit, id.value(), snapshots_ ? std::optional(snapshots_->version) : std::nullopt);
    if (!stream) return errors::pass_on(stream);
    es::Loaded<A> loaded;
    if (stream->snapshot && !restore(*stream->snapshot, loaded)) {
      stream = table_.load(unit, id.value(), std::nullopt);
      if (!stream) return errors::pass_on(stream);
    }
    for (const StoredEvent& stored : stream->events) {
      const auto event = codec_.decode(stored);
      if (!event) return std::unexpected(table_.unreadable(id.value(), loaded.version + 1, stored.type, stored.type_version));
      loaded.advance(*event);
    }
    return loaded;
  }

  errors::Result<> append(uow::UnitOfWork& unit, const Id& id, es::Loaded<A>& aggregate,
                          const std::vector<typename A::Event>& events) override {
    if (events.empty()) return {};
    std::vector<StoredEvent> stored;
    stored.reserve(events.size());
    for (const auto& event : events) stored.push_back(codec_.encode(event));
    const es::Version base = aggregate.version;
    table_.append(unit, id.value(), base, stored);
    for (const auto& event : events) aggregate.advance(event);
    if (snapshots_ && aggregate.version / snapshots_->every != base / snapshots_->every) {
      table_.save_snapshot(unit, id.value(), snapshots_->version, {aggregate.version, snapshots_->encode(aggregate.state)});
    }
    aggregate.remembered = false;
    recent_.write(unit, id, aggregate);
    return {};
  }

 private:
  /// False where the snapshot cannot be read; the events still can.
  bool restore(const StoredSnapshot& snapshot, es::Loaded<A>& loaded) const {
    auto state = snapshots_->decode(snapshot.payload);
    if (!state) return false;
    loaded = {std::move(*state), snapshot.version};
    return true;
  }

  EventCodec<A> codec_;
  std::optional<SnapshotCodec<A>> snapshots_;
  EventTable table_;
  postgres::RecentWrites<Id, es::Loaded<A>> recent_{1000};
};

}  // namespace pkg::es_pg
