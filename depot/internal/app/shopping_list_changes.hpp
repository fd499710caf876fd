#pragma once

#include <optional>
#include <utility>

#include "depot/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace depot::app {

using Changed = pkg::errors::Result<domain::ShoppingList>;

/// How fast simulated robots pick.
struct Pace {
  bool robots = true;                     ///< false: people complete the lists
  pkg::clock::Duration per_piece{20'000};
};

/// For callers who insist on the version they saw; fails with `stale`, code "stale_version".
pkg::errors::Result<> check_version(const domain::ShoppingList& list, std::optional<std::uint64_t> expected);

/// What all commands on shopping lists share: load, decide, save at the version that was loaded, tell the others.
class ShoppingListChanges {
 public:
  /// All of them outlive this.
  ShoppingListChanges(ShoppingListStore& lists, BotStore& bots, ShoppingListNews& news, Floor& floor, const pkg::clock::Clock& clock,
                      const Pace& pace)
      : lists_(lists), bots_(bots), news_(news), floor_(floor), clock_(clock), pace_(pace) {}

  pkg::clock::TimePoint now() const { return clock_.now(); }
  /// When a robot that begins now has picked the list.
  pkg::clock::TimePoint due_at(const domain::ShoppingList& list) const { return now() + pace_.per_piece * domain::pieces(list); }

  /// `decide(const domain::ShoppingList&) -> domain::ShoppingListDecision`, or -> Result<domain::ShoppingListDecision> where it needs
  /// to ask for facts first. Gives the list after the change. Fails with the decision's rejection, `stale`, and as the stores do.
  template <class Decide>
  Changed change(pkg::uow::UnitOfWork& unit, const domain::ShoppingListId& id, std::optional<std::uint64_t> if_version,
                 Decide&& decide) const {
    return change(unit, lists_.load(unit, id), if_version, decide);
  }
  /// The same for the list of an order.
  template <class Decide>
  Changed change_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, Decide&& decide) const {
    return change_of(unit, order, lists_.remembered_of(unit, order), decide);
  }
  /// The same for a list that is not there yet, or stays as it is.
  template <class Decide>
  Changed begin_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, Decide&& decide) const {
    return change_of(unit, order, lists_.assumed_of(unit, order), decide);
  }

  /// Saves and tells a change, nothing more; gives the list as it is stored.
  domain::ShoppingList save(pkg::uow::UnitOfWork& unit, domain::ShoppingListChange change) const;
  /// The same, and frees the bot of a list that is not picked any more, and wakes the floor where that makes something
  /// possible. Gives the list as it is stored. Fails as BotStore does.
  Changed record(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& before, domain::ShoppingListChange change) const;
  /// Saves and tells an assignment, without waking the floor; gives the list as it is stored.
  domain::ShoppingList record(pkg::uow::UnitOfWork& unit, domain::Assignment assignment) const;

 private:
  using Decided = pkg::errors::Result<domain::ShoppingListDecision>;

  template <class Decide>
  Changed change_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, std::optional<domain::ShoppingList> known,
                    Decide& decide) const {
    if (known) {
      // Only what is saved is checked at the commit.
      Decided decision = decide(std::as_const(*known));
      if (decision && *decision && (*decision)->state != *known) return record(unit, *known, std::move(**decision));
    }
    return change(unit, lists_.load_of(unit, order), {}, decide);
  }

  template <class Decide>
  Changed change(pkg::uow::UnitOfWork& unit, Changed before, std::optional<std::uint64_t> if_version, Decide& decide) const {
    if (!before) return before;
    Decided decision = decide(std::as_const(*before));
    if (!decision) return pkg::errors::pass_on(decision);
    if (!*decision) return std::unexpected(domain::to_error(decision->error()));
    if (auto fresh = check_version(*before, if_version); !fresh) return pkg::errors::pass_on(fresh);
    return record(unit, *before, std::move(**decision));
  }

  ShoppingListStore& lists_;
  BotStore& bots_;
  ShoppingListNews& news_;
  Floor& floor_;
  const pkg::clock::Clock& clock_;
  const Pace pace_;
};

}  // namespace depot::app
