#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "pkg/postgres/recent_writes.hpp"
#include "pkg/saga_engine/saga_store.hpp"

namespace pkg::saga_pg {

/// Sagas on PostgreSQL, in units of work that a postgres::PgTransactor made. A save is queued and travels with the commit; a saga that this
/// process moved last is loaded from memory (Freshness::recent). Safe from any thread.
class PgSagaStore final : public saga::SagaStore {
 public:
  /// Remembers at most `remembered` running sagas, about a kilobyte each; hardly anything comes for one that has ended.
  explicit PgSagaStore(std::size_t remembered = 2000)
      : recent_(remembered, [](const saga::State& state) { return !saga::has_ended(state.status); }) {}

  errors::Result<std::optional<saga::State>> load(uow::UnitOfWork& unit, std::string_view name, std::string_view id,
                                                  saga::Freshness freshness) override;
  errors::Result<> save(uow::UnitOfWork& unit, const saga::State& state, std::span<const saga::HistoryEntry> history) override;
  /// Locks what it returns until the unit ends and passes over what others have locked, so replicas share the work.
  errors::Result<std::vector<saga::State>> due(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint now,
                                               std::size_t limit) override;
  errors::Result<std::optional<clock::TimePoint>> next_wake(uow::UnitOfWork& unit, std::string_view name) override;
  errors::Result<saga::Page> list(uow::UnitOfWork& unit, std::string_view name, const saga::ListFilter& filter, std::size_t page_size,
                                  std::string_view page_token) override;
  errors::Result<std::vector<saga::HistoryEntry>> history(uow::UnitOfWork& unit, std::string_view name, std::string_view id) override;
  errors::Result<std::size_t> remove_ended(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint before,
                                           std::size_t limit) override;

 private:
  using Key = std::pair<std::string, std::string>;  // name, id
  postgres::RecentWrites<Key, saga::State> recent_;
};

}  // namespace pkg::saga_pg
