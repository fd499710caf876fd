#pragma once

#include "ordering/internal/app/ports.hpp"

namespace ordering::app {

/// A shopper's own orders, newest first.
struct ListOrders {
  domain::UserId by;
  pkg::paging::Page page;
};

class ListOrdersHandler {
 public:
  explicit ListOrdersHandler(OrderBook& book) : book_(book) {}
  pkg::errors::Result<pkg::paging::Slice<OrderView>> operator()(pkg::uow::UnitOfWork& unit, const ListOrders& query) const;

 private:
  OrderBook& book_;
};

}  // namespace ordering::app
