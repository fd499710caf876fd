#include "depot/internal/app/queries/list_shopping_lists.hpp"

namespace depot::app {

pkg::errors::Result<pkg::paging::Slice<domain::ShoppingList>> ListShoppingListsHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                                   const ListShoppingLists& query) const {
  return lists_.list(unit, query.filter, query.page);
}

}  // namespace depot::app
