#pragma once

#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

struct RejectOrder {
  domain::OrderId order;
  std::string code;
  std::string reason;
};

class RejectOrderHandler {
 public:
  explicit RejectOrderHandler(const OrderChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const RejectOrder& command) const;

 private:
  const OrderChanges& changes_;
};

}  // namespace ordering::app
