#include "depot/internal/app/commands/cancel_order.hpp"

namespace depot::app {

Changed CancelOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const CancelOrder& command) const {
  return changes_.change_of(unit, command.order, [&](const domain::ShoppingList& list) {
    return domain::cancel_order(list, command.order, command.id, changes_.now());
  });
}

}  // namespace depot::app
