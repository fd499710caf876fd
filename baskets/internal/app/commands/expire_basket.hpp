#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct ExpireBasket {
  domain::BasketId basket;
  pkg::clock::Duration lifetime;  ///< how long an open basket may go untouched
};

class ExpireBasketHandler {
 public:
  ExpireBasketHandler(const BasketChanges& changes, OpenBaskets& open_baskets) : changes_(changes), open_baskets_(open_baskets) {}
  /// Does no more than to list it with its true time where the basket was touched since it was listed, or was not open.
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const ExpireBasket& command) const;

 private:
  const BasketChanges& changes_;
  OpenBaskets& open_baskets_;
};

}  // namespace baskets::app
