#pragma once

#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

struct AssignShoppingList {
  domain::ShoppingListId list;
  domain::BotId bot;
  std::optional<std::uint64_t> if_version;
};

/// By hand; the oldest list gets a bot by itself (work_floor).
class AssignShoppingListHandler {
 public:
  /// All of them outlive this.
  AssignShoppingListHandler(const ShoppingListChanges& changes, ShoppingListStore& lists, BotStore& bots, Floor& floor)
      : changes_(changes), lists_(lists), bots_(bots), floor_(floor) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const AssignShoppingList& command) const;

 private:
  const ShoppingListChanges& changes_;
  ShoppingListStore& lists_;
  BotStore& bots_;
  Floor& floor_;
};

}  // namespace depot::app
