#include "depot/internal/app/commands/cancel_shopping_list.hpp"

namespace depot::app {

Changed CancelShoppingListHandler::operator()(pkg::uow::UnitOfWork& unit, const CancelShoppingList& command) const {
  return changes_.change(unit, command.list, command.if_version, [](const domain::ShoppingList& list) { return domain::cancel(list); });
}

}  // namespace depot::app
