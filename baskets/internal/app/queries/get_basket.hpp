#pragma once

#include "baskets/internal/app/ports.hpp"

namespace baskets::app {

struct GetBasket {
  domain::BasketId basket;
  domain::UserId by;
};

class GetBasketHandler {
 public:
  explicit GetBasketHandler(BasketStore& store) : store_(store) {}
  /// Fails with no_such_basket or not_your_basket, and as EventStore does.
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const GetBasket& query) const;

 private:
  BasketStore& store_;
};

}  // namespace baskets::app
