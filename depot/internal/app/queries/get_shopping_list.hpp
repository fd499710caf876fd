#pragma once

#include "depot/internal/app/ports.hpp"

namespace depot::app {

struct GetShoppingList {
  domain::ShoppingListId list;
};

class GetShoppingListHandler {
 public:
  /// Both outlive this.
  GetShoppingListHandler(ShoppingListStore& lists, StoreCache& stores) : lists_(lists), stores_(stores) {}
  /// Stops whose location was not known when the list was made have it if it is known now. Fails with no_such_list, and as the stores do.
  pkg::errors::Result<domain::ShoppingList> operator()(pkg::uow::UnitOfWork& unit, const GetShoppingList& query) const;

 private:
  ShoppingListStore& lists_;
  StoreCache& stores_;
};

/// The stores of the stops whose location is not known.
std::vector<domain::StoreId> without_location(const domain::ShoppingList& list);

}  // namespace depot::app
