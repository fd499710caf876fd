#pragma once

#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

struct CancelShoppingList {
  domain::ShoppingListId list;
  std::optional<std::uint64_t> if_version;
};

class CancelShoppingListHandler {
 public:
  explicit CancelShoppingListHandler(const ShoppingListChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CancelShoppingList& command) const;

 private:
  const ShoppingListChanges& changes_;
};

}  // namespace depot::app
