#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

/// The order's invoice was canceled.
struct CancelUnpaidOrder {
  domain::OrderId order;
};

class CancelUnpaidOrderHandler {
 public:
  explicit CancelUnpaidOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CancelUnpaidOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
