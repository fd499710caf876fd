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
    return change(unit, id, pkg::es::Look::remembered, if_version, decide);
  }

  /// The same for an order that is not there yet, or refused as such.
  template <class Decide>
  Changed begin(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, Decide&& decide) const {
    return change(unit, id, pkg::es::Look::as_new, {}, decide);
  }

 private:
  template <class Decide>
  Changed change(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, pkg::es::Look look, std::optional<pkg::es::Version> if_version,
                 Decide& decide) const {
    using Events = std::vector<domain::OrderEvent>;
    auto decided =
        pkg::es::decide_on(store_, unit, id, look, [&](const pkg::es::Loaded<domain::Order>& order) -> pkg::errors::Result<Events> {
          domain::Decision decision = decide(order.state);
          if (!decision) return std::unexpected(domain::to_error(decision.error()));
          if (auto fresh = pkg::es::check_version(order, if_version); !fresh) return pkg::errors::pass_on(fresh);
          return *std::move(decision);
        });
    if (!decided) return pkg::errors::pass_on(decided);
    if (auto recorded = record(unit, id, decided->on, decided->events); !recorded) return pkg::errors::pass_on(recorded);
    return std::move(decided->on);
  }

  pkg::errors::Result<> record(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, pkg::es::Loaded<domain::Order>& order,
                               const std::vector<domain::OrderEvent>& events) const;

  OrderStore& store_;
  OrderBook& book_;
  OrderNews& news_;
  const pkg::clock::Clock& clock_;
};

}  // namespace ordering::app
