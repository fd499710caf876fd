#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "stores/internal/app/ports.hpp"

namespace stores::app {

using ChangedStore = pkg::errors::Result<pkg::es::Loaded<domain::Store>>;

/// What all commands to a store share: load, decide, append at the version that was loaded, keep the mall, tell the others.
class StoreChanges {
 public:
  /// All of them outlive this.
  StoreChanges(StoreStore& store, Mall& mall, StoreNews& news) : store_(store), mall_(mall), news_(news) {}

  /// `decide(const domain::Store&) -> domain::StoreDecision`. Gives the store after the change. Fails with the decision's rejection,
  /// `stale`, and as EventStore does.
  template <class Decide>
  ChangedStore change(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, std::optional<pkg::es::Version> if_version,
                      Decide&& decide) const {
    auto loaded = store_.load(unit, id, pkg::es::Look::stored);
    if (!loaded) return loaded;
    const domain::StoreDecision decision = decide(std::as_const(loaded->state));
    if (!decision) return std::unexpected(domain::to_error(decision.error()));
    if (auto fresh = pkg::es::check_version(*loaded, if_version); !fresh) return pkg::errors::pass_on(fresh);
    if (auto recorded = record(unit, id, *loaded, *decision); !recorded) return pkg::errors::pass_on(recorded);
    return loaded;
  }

 private:
  pkg::errors::Result<> record(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, pkg::es::Loaded<domain::Store>& store,
                               const std::vector<domain::StoreEvent>& events) const;

  StoreStore& store_;
  Mall& mall_;
  StoreNews& news_;
};

}  // namespace stores::app
