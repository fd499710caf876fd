#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

struct ApproveOrder {
  domain::OrderId order;
  domain::ShoppingListId shopping_list;
};

class ApproveOrderHandler {
 public:
  explicit ApproveOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const ApproveOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
