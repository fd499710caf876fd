#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct CancelBasket {
  domain::BasketId basket;
  domain::UserId by;
  std::optional<pkg::es::Version> if_version;
};

class CancelBasketHandler {
 public:
  explicit CancelBasketHandler(const BasketChanges& changes) : changes_(changes) {}
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const CancelBasket& command) const;

 private:
  const BasketChanges& changes_;
};

}  // namespace baskets::app
