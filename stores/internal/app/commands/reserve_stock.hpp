#pragma once

#include "stores/internal/app/stock_changes.hpp"

namespace stores::app {

struct ReserveStock {
  domain::OrderId order;
  std::vector<domain::ReservationLine> items;
};

class ReserveStockHandler {
 public:
  explicit ReserveStockHandler(const StockChanges& changes) : changes_(changes) {}
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const ReserveStock& command) const;

 private:
  const StockChanges& changes_;
};

}  // namespace stores::app
