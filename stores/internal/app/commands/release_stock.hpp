#pragma once

#include "stores/internal/app/stock_changes.hpp"

namespace stores::app {

/// Nothing will come of the order.
struct ReleaseStock {
  domain::OrderId order;
};

class ReleaseStockHandler {
 public:
  explicit ReleaseStockHandler(const StockChanges& changes) : changes_(changes) {}
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const ReleaseStock& command) const;

 private:
  const StockChanges& changes_;
};

}  // namespace stores::app
