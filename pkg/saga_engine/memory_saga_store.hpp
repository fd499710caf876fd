#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pkg/saga_engine/saga_store.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace pkg::saga {

/// Keeps sagas in memory, for tests. Units of work must come from one MemoryTransactor; another's kind throws std::bad_cast.
class MemorySagaStore final : public SagaStore {
 public:
  errors::Result<std::optional<State>> load(uow::UnitOfWork& unit, std::string_view name, std::string_view id,
                                            Freshness freshness) override;
  errors::Result<> save(uow::UnitOfWork& unit, const State& state, std::span<const HistoryEntry> history) override;
  errors::Result<std::vector<State>> due(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint now, std::size_t limit) override;
  errors::Result<std::optional<clock::TimePoint>> next_wake(uow::UnitOfWork& unit, std::string_view name) override;
  errors::Result<Page> list(uow::UnitOfWork& unit, std::string_view name, const ListFilter& filter, std::size_t page_size,
                            std::string_view page_token) override;
  errors::Result<std::vector<HistoryEntry>> history(uow::UnitOfWork& unit, std::string_view name, std::string_view id) override;
  errors::Result<std::size_t> remove_ended(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint before,
                                           std::size_t limit) override;

 private:
  using Key = std::pair<std::string, std::string>;  // name, id
  struct Kept {
    State state;
    std::vector<HistoryEntry> history;
  };
  using Sagas = std::map<Key, Kept>;

  /// What the unit sees: what is committed, under what it wrote itself.
  Sagas seen_by(uow::UnitOfWork& unit);

  Sagas committed_;  // under the transactor's lock
};

}  // namespace pkg::saga
