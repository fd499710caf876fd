#include "notifications/internal/app/commands/remember_order.hpp"

namespace notifications::app {

void RememberOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const RememberOrder& command) const {
  acquaintances_.learn(unit, command.order, domain::OrderSummary{domain::summarize(command.lines), command.total});
}

}  // namespace notifications::app
