#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct CheckOutBasket {
  domain::BasketId basket;
  domain::UserId by;
  std::optional<domain::PaymentId> payment;
  std::optional<pkg::es::Version> if_version;
};

class CheckOutBasketHandler {
 public:
  CheckOutBasketHandler(const BasketChanges& changes, OfferCache& offers) : changes_(changes), offers_(offers) {}
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const CheckOutBasket& command) const;

 private:
  const BasketChanges& changes_;
  OfferCache& offers_;
};

}  // namespace baskets::app
