#include "ordering/internal/app/commands/cancel_unpicked_order.hpp"

namespace ordering::app {

Changed CancelUnpickedOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const CancelUnpickedOrder& command) const {
  return changes_.change(unit, command.order, {},
                         [&](const domain::Order& order) { return domain::cancel_unpicked(order, changes_.now()); });
}

}  // namespace ordering::app
