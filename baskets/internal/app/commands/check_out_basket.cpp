#include "baskets/internal/app/commands/check_out_basket.hpp"

#include "baskets/internal/app/present_offers.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> CheckOutBasketHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                       const CheckOutBasket& command) const {
  return changes_.change(unit, command.basket, command.if_version,
                         [&](const domain::Basket& basket) -> pkg::errors::Result<domain::Decision> {
                           auto offers = present_offers(unit, offers_, basket);
                           if (!offers) return pkg::errors::pass_on(offers);
                           return domain::check_out(basket, changes_.actor(command.by), *offers, command.payment);
                         });
}

}  // namespace baskets::app
