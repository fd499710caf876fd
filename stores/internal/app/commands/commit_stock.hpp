#pragma once

#include "stores/internal/app/stock_changes.hpp"

namespace stores::app {

/// The order was completed: its goods have left the store.
struct CommitStock {
  domain::OrderId order;
};

class CommitStockHandler {
 public:
  explicit CommitStockHandler(const StockChanges& changes) : changes_(changes) {}
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const CommitStock& command) const;

 private:
  const StockChanges& changes_;
};

}  // namespace stores::app
