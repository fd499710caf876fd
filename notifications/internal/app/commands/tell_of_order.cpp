#include "notifications/internal/app/commands/tell_of_order.hpp"

namespace notifications::app {

pkg::errors::Result<> TellOfOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const TellOfOrder& command) const {
  const auto context = acquaintances_.find(unit, command.user, command.order);
  if (!context) return pkg::errors::pass_on(context);
  announcer_.announce(unit, command.user, domain::kind_of(command.news), command.order,
                      domain::order_text(command.order, command.news, *context));
  return {};
}

}  // namespace notifications::app
