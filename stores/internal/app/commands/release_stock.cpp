#include "stores/internal/app/commands/release_stock.hpp"

namespace stores::app {

pkg::errors::Result<> ReleaseStockHandler::operator()(pkg::uow::UnitOfWork& unit, const ReleaseStock& command) const {
  return changes_.change(unit, command.order, {},
                         [](const StockFacts& facts) { return domain::release(facts.reservation, facts.shelves); });
}

}  // namespace stores::app
