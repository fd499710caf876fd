#include "baskets/internal/app/commands/expire_basket.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> ExpireBasketHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                     const ExpireBasket& command) const {
  auto expired = changes_.change(unit, command.basket, {}, [&](const domain::Basket& basket) {
    return domain::Decision(domain::expire(basket, changes_.now(), command.lifetime));
  });
  if (expired && expired->state.status == domain::BasketStatus::open) open_baskets_.move(unit, command.basket, expired->state.touched_at);
  return expired;
}

}  // namespace baskets::app
