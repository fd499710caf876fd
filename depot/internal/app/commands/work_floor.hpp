#pragma once

#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

/// One look at the floor: robots complete what they have picked, and idle bots get the oldest available lists.
struct WorkFloor {
  int limit = 100;  ///< lists at most, of either sort
};

class WorkFloorHandler {
 public:
  /// All of them outlive this.
  WorkFloorHandler(const ShoppingListChanges& changes, ShoppingListStore& lists, BotStore& bots, const Pace& pace)
      : changes_(changes), lists_(lists), bots_(bots), pace_(pace) {}
  /// Gives when there is something to do again as far as is known now; nothing where somebody has to wake the floor first. Fails as the
  /// stores do.
  pkg::errors::Result<std::optional<pkg::clock::TimePoint>> operator()(pkg::uow::UnitOfWork& unit, const WorkFloor& command) const;

 private:
  pkg::errors::Result<int> complete_due(pkg::uow::UnitOfWork& unit, int limit) const;
  pkg::errors::Result<int> assign_available(pkg::uow::UnitOfWork& unit, int limit) const;

  const ShoppingListChanges& changes_;
  ShoppingListStore& lists_;
  BotStore& bots_;
  const Pace pace_;
};

}  // namespace depot::app
