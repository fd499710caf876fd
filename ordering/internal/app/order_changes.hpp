#pragma once

#include <optional>
#include <vector>

#include "ordering/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace ordering::app {

using Changed = pkg::errors::Result<pkg::es::Loaded<domain::Order>>;

/// What all commands share: load, decide, append at the version that was loaded, keep the read model, tell the others.
class OrderChanges {
 public:
  /// All of them outlive this.
  OrderChanges(OrderStore& store, OrderBook& book, OrderNews& news, const pkg::clock::Clock& clock)
      : store_(store), book_(book), news_(news), clock_(clock) {}

  pkg::clock::TimePoint now() const { return clock_.now(); }

  /// `decide(const domain::Order&) -> domain::Decision`. Gives the order after the change. Fails with the decision's refusal, `stale`,
  /// and as EventStore does.
  template <class Decide>
  Changed change(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, std::optional<pkg::es::Version> if_version, Decide&& decide) const {
    auto loaded = store_.load(unit, id);
    if (!loaded) return loaded;
    const domain::Decision decision = decide(std::as_const(loaded->state));
    if (!decision) return std::unexpected(domain::to_error(decision.error()));
    if (auto fresh = pkg::es::check_version(*loaded, if_version); !fresh) return pkg::errors::pass_on(fresh);
    if (auto recorded = record(unit, id, *loaded, *decision); !recorded) return pkg::errors::pass_on(recorded);
    return loaded;
  }

 private:
  pkg::errors::Result<> record(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, pkg::es::Loaded<domain::Order>& order,
                               const std::vector<domain::OrderEvent>& events) const;

  OrderStore& store_;
  OrderBook& book_;
  OrderNews& news_;
  const pkg::clock::Clock& clock_;
};

}  // namespace ordering::app
