#include "baskets/internal/app/commands/start_basket.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> StartBasketHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                    const StartBasket& command) const {
  return changes_.begin(unit, command.basket,
                        [&](const domain::Basket& basket) { return domain::start(basket, changes_.actor(command.by)); });
}

}  // namespace baskets::app
