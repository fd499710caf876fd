#pragma once

#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

/// The order's goods are not wanted any more, whether its list is made already or not.
struct CancelOrder {
  domain::OrderId order;
  domain::ShoppingListId id;  ///< of the canceled list that stands for it where there is none yet
};

class CancelOrderHandler {
 public:
  explicit CancelOrderHandler(const ShoppingListChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CancelOrder& command) const;

 private:
  const ShoppingListChanges& changes_;
};

}  // namespace depot::app
