#pragma once

#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

struct CreateShoppingList {
  domain::ShoppingListId id;  ///< of the new list; another one's is given back where the order has a list already
  domain::OrderId order;
  std::vector<domain::OrderedItem> items;
};

class CreateShoppingListHandler {
 public:
  CreateShoppingListHandler(const ShoppingListChanges& changes, StoreCache& stores) : changes_(changes), stores_(stores) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CreateShoppingList& command) const;

 private:
  const ShoppingListChanges& changes_;
  StoreCache& stores_;
};

}  // namespace depot::app
