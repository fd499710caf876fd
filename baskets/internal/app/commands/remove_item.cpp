#include "baskets/internal/app/commands/remove_item.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> RemoveItemHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                   const RemoveItem& command) const {
  return changes_.change(unit, command.basket, command.if_version, [&](const domain::Basket& basket) {
    return domain::remove_item(basket, changes_.actor(command.by), command.product, command.quantity);
  });
}

}  // namespace baskets::app
