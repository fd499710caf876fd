#include "stores/internal/app/commands/reserve_stock.hpp"

namespace stores::app {

pkg::errors::Result<> ReserveStockHandler::operator()(pkg::uow::UnitOfWork& unit, const ReserveStock& command) const {
  std::vector<domain::ProductId> products;
  for (const auto& item : command.items) products.push_back(item.product);
  return changes_.change(unit, command.order, products,
                         [&](const StockFacts& facts) { return domain::reserve(facts.reservation, command.items, facts.shelves); });
}

}  // namespace stores::app
