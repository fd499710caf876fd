#include "stores/internal/app/commands/commit_stock.hpp"

namespace stores::app {

pkg::errors::Result<> CommitStockHandler::operator()(pkg::uow::UnitOfWork& unit, const CommitStock& command) const {
  return changes_.change(unit, command.order, {}, [](const StockFacts& facts) { return domain::commit(facts.reservation, facts.shelves); });
}

}  // namespace stores::app
