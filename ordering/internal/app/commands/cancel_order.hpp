#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

struct CancelOrder {
  domain::OrderId order;
  domain::Actor by;
  std::optional<pkg::es::Version> if_version;
};

class CancelOrderHandler {
 public:
  explicit CancelOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const CancelOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
