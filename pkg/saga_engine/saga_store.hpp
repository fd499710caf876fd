#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/saga_engine/state.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::saga {

struct ListFilter {
  std::optional<Status> status;
  bool only_alerts = false;
};

struct Page {
  std::vector<State> sagas;
  std::string next_page_token;  ///< empty on the last page
};

enum class Freshness {
  assumed_new,  ///< as `recent`, but one that the store does not remember is taken for one that is not there, unread
  recent,       ///< may be behind what others have saved meanwhile; saving what follows from it then fails with `contended`
  current,      ///< what is stored now
};

/// Port. Adapters: MemorySagaStore and PgSagaStore (pkg/saga_pg); both pass the contract suite (pkg/saga_engine/testing). All methods fail
/// with `unavailable` where the store is away and with `internal` where a stored saga cannot be read.
class SagaStore {
 public:
  virtual ~SagaStore() = default;

  /// The saga, as saved last in this unit or before; nothing where there is none.
  virtual errors::Result<std::optional<State>> load(uow::UnitOfWork& unit, std::string_view name, std::string_view id,
                                                    Freshness freshness) = 0;

  /// Saves a saga after one transition, that is over the version before its own (a new one has version 1), and appends what happened.
  /// When it started, why, and by which versions of its definition and data stays as version 1 has it.
  /// Fails with `contended`, here or at the commit, where another unit of work was faster.
  virtual errors::Result<> save(uow::UnitOfWork& unit, const State& state, std::span<const HistoryEntry> history) = 0;

  /// Sagas whose wake time has come, the longest waiting first, at most `limit`. Another unit that asks at the same time may be given
  /// others or fewer.
  virtual errors::Result<std::vector<State>> due(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint now, std::size_t limit) = 0;

  /// The earliest wake time; nothing where no saga waits.
  virtual errors::Result<std::optional<clock::TimePoint>> next_wake(uow::UnitOfWork& unit, std::string_view name) = 0;

  /// Sagas by descending id, so the newest first where ids are UUIDs of version 7. `page_token` is empty for the first page.
  virtual errors::Result<Page> list(uow::UnitOfWork& unit, std::string_view name, const ListFilter& filter, std::size_t page_size,
                                    std::string_view page_token) = 0;

  /// What happened to a saga, oldest first; empty where there is none.
  virtual errors::Result<std::vector<HistoryEntry>> history(uow::UnitOfWork& unit, std::string_view name, std::string_view id) = 0;

  /// Removes sagas that ended before `before`, with their histories, at most `limit`, and gives how many. Another unit that does the same
  /// at the same time is given others.
  virtual errors::Result<std::size_t> remove_ended(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint before,
                                                   std::size_t limit) = 0;
};

}  // namespace pkg::saga
