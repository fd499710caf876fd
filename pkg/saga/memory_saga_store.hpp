#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pkg/saga/saga_store.hpp"

namespace pkg::saga {

/// Keeps sagas in memory, for tests. Sees the same units of work as its neighbours: how to take part in one is passed in.
class MemorySagaStore final : public SagaStore {
 public:
  /// What a unit of work does with this store at its end: commit() if it commits and may() allowed it, then in any case forget().
  struct Part {
    std::function<errors::Result<>()> may;
    std::function<void()> commit;
    std::function<void()> forget;
  };
  using Enlist = std::function<void(uow::UnitOfWork&, Part)>;

  explicit MemorySagaStore(Enlist enlist) : enlist_(std::move(enlist)) {}

  errors::Result<std::optional<State>> load(uow::UnitOfWork& unit, std::string_view name, std::string_view id,
                                            Freshness freshness) override;
  errors::Result<> save(uow::UnitOfWork& unit, const State& state, std::span<const HistoryEntry> history) override;
  errors::Result<std::vector<State>> due(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint now, std::size_t limit) override;
  errors::Result<std::optional<clock::TimePoint>> next_wake(uow::UnitOfWork& unit, std::string_view name) override;
  errors::Result<Page> list(uow::UnitOfWork& unit, std::string_view name, const ListFilter& filter, std::size_t page_size,
                            std::string_view page_token) override;
  errors::Result<std::vector<HistoryEntry>> history(uow::UnitOfWork& unit, std::string_view name, std::string_view id) override;

 private:
  using Key = std::pair<std::string, std::string>;  // name, id
  struct Kept {
    State state;
    std::vector<HistoryEntry> history;
  };
  using Sagas = std::map<Key, Kept>;
  struct Written {
    Sagas sagas;
    std::map<Key, std::uint64_t> over;  // the version that each must still have when the unit commits
  };

  /// What the unit sees: what is committed under what it wrote itself.
  Sagas seen_by(const uow::UnitOfWork& unit) const;
  errors::Result<> may_commit(const uow::UnitOfWork* unit) const;
  void commit(const uow::UnitOfWork* unit);

  Enlist enlist_;
  mutable std::mutex mutex_;
  Sagas sagas_;
  std::map<const uow::UnitOfWork*, Written> written_;
};

}  // namespace pkg::saga
