#include "depot/internal/app/commands/initiate_shopping.hpp"

namespace depot::app {

Changed InitiateShoppingHandler::operator()(pkg::uow::UnitOfWork& unit, const InitiateShopping& command) const {
  return changes_.change_of(unit, command.order, [](const domain::ShoppingList& list) { return domain::initiate(list); });
}

}  // namespace depot::app
