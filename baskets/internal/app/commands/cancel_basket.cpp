#include "baskets/internal/app/commands/cancel_basket.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> CancelBasketHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                     const CancelBasket& command) const {
  return changes_.change(unit, command.basket, command.if_version,
                         [&](const domain::Basket& basket) { return domain::cancel(basket, changes_.actor(command.by)); });
}

}  // namespace baskets::app
