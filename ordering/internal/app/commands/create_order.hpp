#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

struct CreateOrder {
  domain::OrderId order;  ///< the basket's id
  domain::UserId user;
  domain::PaymentId payment;
  std::vector<domain::OrderItem> items;
  pkg::money::Money total;
};

class CreateOrderHandler {
 public:
  explicit CreateOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CreateOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
