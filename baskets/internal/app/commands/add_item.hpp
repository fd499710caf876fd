#pragma once

#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

struct AddItem {
  domain::BasketId basket;
  domain::UserId by;
  domain::ProductId product;
  int quantity = 0;
  std::optional<pkg::es::Version> if_version;
};

class AddItemHandler {
 public:
  AddItemHandler(const BasketChanges& changes, OfferCache& offers) : changes_(changes), offers_(offers) {}
  /// A product that the offer cache does not know is not sold; see Application::add_item, which asks stores first.
  pkg::errors::Result<pkg::es::Loaded<domain::Basket>> operator()(pkg::uow::UnitOfWork& unit, const AddItem& command) const;

 private:
  const BasketChanges& changes_;
  OfferCache& offers_;
};

}  // namespace baskets::app
