#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct ExpireBasket {
  domain::BasketId basket;
  pkg::clock::Duration lifetime;  ///< how long an open basket may go untouched
};

class ExpireBasketHandler {
 public:
  explicit ExpireBasketHandler(const BasketChanges& changes) : changes_(changes) {}
  /// Does nothing where the basket was touched meanwhile or is not open.
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const ExpireBasket& command) const;

 private:
  const BasketChanges& changes_;
};

}  // namespace baskets::app
