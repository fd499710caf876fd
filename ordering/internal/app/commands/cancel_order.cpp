#include "ordering/internal/app/commands/cancel_order.hpp"

namespace ordering::app {

Changed CancelOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const CancelOrder& command) const {
  return changes_.change(unit, command.order, command.if_version,
                         [&](const domain::Order& order) { return domain::cancel(order, command.by, changes_.now()); });
}

}  // namespace ordering::app
