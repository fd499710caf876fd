#pragma once

#include "ordering/internal/app/ports.hpp"

namespace ordering::app {

struct GetOrder {
  domain::OrderId order;
  domain::Actor by;
};

class GetOrderHandler {
 public:
  explicit GetOrderHandler(OrderBook& book) : book_(book) {}
  /// Fails with no_such_order or not_your_order, and as OrderBook does.
  pkg::errors::Result<OrderView> operator()(pkg::uow::UnitOfWork& unit, const GetOrder& query) const;

 private:
  OrderBook& book_;
};

}  // namespace ordering::app
