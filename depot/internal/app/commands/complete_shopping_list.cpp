#include "depot/internal/app/commands/complete_shopping_list.hpp"

namespace depot::app {

Changed CompleteShoppingListHandler::operator()(pkg::uow::UnitOfWork& unit, const CompleteShoppingList& command) const {
  return changes_.change(unit, command.list, command.if_version, [](const domain::ShoppingList& list) { return domain::complete(list); });
}

}  // namespace depot::app
