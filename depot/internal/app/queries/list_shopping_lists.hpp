#pragma once

#include "depot/internal/app/ports.hpp"

namespace depot::app {

/// Newest first.
struct ListShoppingLists {
  ListFilter filter;
  pkg::paging::Page page;
};

class ListShoppingListsHandler {
 public:
  explicit ListShoppingListsHandler(ShoppingListStore& lists) : lists_(lists) {}
  pkg::errors::Result<pkg::paging::Slice<domain::ShoppingList>> operator()(pkg::uow::UnitOfWork& unit,
                                                                           const ListShoppingLists& query) const;

 private:
  ShoppingListStore& lists_;
};

}  // namespace depot::app
