#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct RemoveItem {
  domain::BasketId basket;
  domain::UserId by;
  domain::ProductId product;
  std::optional<int> quantity;  ///< all of it where absent
  std::optional<pkg::es::Version> if_version;
};

class RemoveItemHandler {
 public:
  explicit RemoveItemHandler(const BasketChanges& changes) : changes_(changes) {}
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const RemoveItem& command) const;

 private:
  const BasketChanges& changes_;
};

}  // namespace baskets::app
