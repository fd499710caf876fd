#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

struct CompleteOrder {
  domain::OrderId order;
  domain::InvoiceId invoice;
};

class CompleteOrderHandler {
 public:
  explicit CompleteOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CompleteOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
