#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "baskets/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace baskets::app {

/// What all commands share: load, decide, append at the version that was loaded, tell the others.
class BasketChanges {
 public:
  /// All of them outlive this.
  BasketChanges(BasketStore& store, OpenBaskets& open_baskets, BasketNews& news, const pkg::clock::Clock& clock)
      : store_(store), open_baskets_(open_baskets), news_(news), clock_(clock) {}

  domain::Actor actor(const domain::UserId& user) const { return {user, clock_.now()}; }
  pkg::clock::TimePoint now() const { return clock_.now(); }

  /// `decide(const domain::Basket&) -> domain::Decision`, or -> Result<domain::Decision> where it needs to ask for facts first.
  /// Gives the basket after the change. Fails with the decision's rejection, `stale`, and as EventStore does.
  template <class Decide>
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> change(pkg::uow::UnitOfWork& unit, const domain::BasketId& id,
                                                              std::optional<pkg::es::Version> if_version, Decide&& decide) const {
    return change(unit, id, pkg::es::Look::remembered, if_version, decide);
  }

  /// The same for a basket that is not there yet, or refused as such.
  template <class Decide>
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> begin(pkg::uow::UnitOfWork& unit, const domain::BasketId& id,
                                                             Decide&& decide) const {
    return change(unit, id, pkg::es::Look::as_new, {}, decide);
  }

 private:
  template <class Decide>
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> change(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::es::Look look,
                                                              std::optional<pkg::es::Version> if_version, Decide& decide) const {
    using Events = std::vector<domain::BasketEvent>;
    auto decided =
        pkg::es::decide_on(store_, unit, id, look, [&](const pkg::es::Loaded<domain::Basket>& basket) -> pkg::errors::Result<Events> {
          pkg::errors::Result<domain::Decision> decision = decide(basket.state);
          if (!decision) return pkg::errors::pass_on(decision);
          if (!*decision) return std::unexpected(domain::to_error(decision->error()));
          if (auto fresh = pkg::es::check_version(basket, if_version); !fresh) return pkg::errors::pass_on(fresh);
          return **std::move(decision);
        });
    if (!decided) return pkg::errors::pass_on(decided);
    if (auto recorded = record(unit, id, decided->on, decided->events); !recorded) return pkg::errors::pass_on(recorded);
    return std::move(decided->on);
  }

  pkg::errors::Result<> record(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::es::Loaded<domain::Basket>& basket,
                               const std::vector<domain::BasketEvent>& events) const;

  BasketStore& store_;
  OpenBaskets& open_baskets_;
  BasketNews& news_;
  const pkg::clock::Clock& clock_;
};

}  // namespace baskets::app
