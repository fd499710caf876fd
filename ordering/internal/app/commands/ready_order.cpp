#include "ordering/internal/app/commands/ready_order.hpp"

namespace ordering::app {

Changed ReadyOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const ReadyOrder& command) const {
  return changes_.change(unit, command.order, {}, [&](const domain::Order& order) { return domain::ready(order, changes_.now()); });
}

}  // namespace ordering::app
