#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct StartBasket {
  domain::BasketId basket;  ///< a new id
  domain::UserId by;
};

class StartBasketHandler {
 public:
  explicit StartBasketHandler(const BasketChanges& changes) : changes_(changes) {}
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const StartBasket& command) const;

 private:
  const BasketChanges& changes_;
};

}  // namespace baskets::app
