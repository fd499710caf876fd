#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

struct ReadyOrder {
  domain::OrderId order;
};

class ReadyOrderHandler {
 public:
  explicit ReadyOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const ReadyOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
