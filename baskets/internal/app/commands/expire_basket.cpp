#include "baskets/internal/app/commands/expire_basket.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> ExpireBasketHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                     const ExpireBasket& command) const {
  return changes_.change(unit, command.basket, {}, [&](const domain::Basket& basket) {
    return domain::Decision(domain::expire(basket, changes_.now(), command.lifetime));
  });
}

}  // namespace baskets::app
