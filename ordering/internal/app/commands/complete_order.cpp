#include "ordering/internal/app/commands/complete_order.hpp"

namespace ordering::app {

Changed CompleteOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const CompleteOrder& command) const {
  return changes_.change(unit, command.order, {},
                         [&](const domain::Order& order) { return domain::complete(order, command.invoice, changes_.now()); });
}

}  // namespace ordering::app
