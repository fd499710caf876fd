#include "ordering/internal/app/commands/create_order.hpp"

namespace ordering::app {

Changed CreateOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const CreateOrder& command) const {
  const domain::OrderCreated what{command.user, command.payment, command.items, command.total, changes_.now()};
  return changes_.begin(unit, command.order, [&](const domain::Order& order) { return domain::create(order, what); });
}

}  // namespace ordering::app
