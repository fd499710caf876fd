#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

/// The order's shopping list was canceled.
struct CancelUnpickedOrder {
  domain::OrderId order;
};

class CancelUnpickedOrderHandler {
 public:
  explicit CancelUnpickedOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CancelUnpickedOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
