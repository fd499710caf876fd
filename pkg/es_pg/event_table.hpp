#pragma once
// The tables behind PgEventStore, free of any aggregate's type.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/es_pg/codec.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::es_pg {

struct StoredSnapshot {
  es::Version version = 0;
  std::string payload;
};

struct StoredStream {
  std::optional<StoredSnapshot> snapshot;
  std::vector<StoredEvent> events;  ///< those after the snapshot, without gaps
};

class EventTable {
 public:
  /// The clock outlives the table.
  EventTable(std::string_view kind, const clock::Clock& clock) : kind_(kind), clock_(clock) {}

  /// One query. A snapshot is looked for where its codec's version is given.
  errors::Result<StoredStream> load(uow::UnitOfWork& unit, const ids::Uuid& id, std::optional<int> snapshot_version) const;

  /// Queues one statement for all events; the first gets the version after `base`. At the commit, or at the next query, it fails with
  /// `contended` where one of the versions is taken.
  void append(uow::UnitOfWork& unit, const ids::Uuid& id, es::Version base, const std::vector<StoredEvent>& events) const;

  /// Queues the snapshot; an older one gives way, a newer one stays.
  void save_snapshot(uow::UnitOfWork& unit, const ids::Uuid& id, int snapshot_version, const StoredSnapshot& snapshot) const;

  /// `internal`, code "unreadable_event".
  errors::Error unreadable(const ids::Uuid& id, es::Version version, std::string_view type, int type_version) const;

 private:
  std::string kind_;
  const clock::Clock& clock_;
};

}  // namespace pkg::es_pg
