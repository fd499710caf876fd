#pragma once

#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

struct InitiateShopping {
  domain::OrderId order;
};

class InitiateShoppingHandler {
 public:
  explicit InitiateShoppingHandler(const ShoppingListChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const InitiateShopping& command) const;

 private:
  const ShoppingListChanges& changes_;
};

}  // namespace depot::app
