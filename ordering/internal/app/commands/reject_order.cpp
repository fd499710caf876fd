#include "ordering/internal/app/commands/reject_order.hpp"

namespace ordering::app {

Changed RejectOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const RejectOrder& command) const {
  return changes_.change(unit, command.order, {},
                         [&](const domain::Order& order) { return domain::reject(order, command.code, command.reason, changes_.now()); });
}

}  // namespace ordering::app
