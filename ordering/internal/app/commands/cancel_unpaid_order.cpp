#include "ordering/internal/app/commands/cancel_unpaid_order.hpp"

namespace ordering::app {

Changed CancelUnpaidOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const CancelUnpaidOrder& command) const {
  return changes_.change(unit, command.order, {}, [&](const domain::Order& order) { return domain::cancel_unpaid(order, changes_.now()); });
}

}  // namespace ordering::app
