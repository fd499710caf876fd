#pragma once

#include "search/internal/app/ports.hpp"
#include "search/internal/domain/visibility.hpp"

namespace search::app {

struct GetOrder {
  domain::OrderId order;
  domain::Actor by;
};

class GetOrderHandler {
 public:
  explicit GetOrderHandler(OrderHistory& orders) : orders_(orders) {}
  /// Fails with no_such_order or not_your_order, and as OrderHistory does.
  pkg::errors::Result<FoundOrder> operator()(pkg::uow::UnitOfWork& unit, const GetOrder& query) const;

 private:
  OrderHistory& orders_;
};

}  // namespace search::app
