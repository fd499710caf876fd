#include "ordering/internal/app/commands/approve_order.hpp"

namespace ordering::app {

Changed ApproveOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const ApproveOrder& command) const {
  return changes_.change(unit, command.order, {},
                         [&](const domain::Order& order) { return domain::approve(order, command.shopping_list, changes_.now()); });
}

}  // namespace ordering::app
