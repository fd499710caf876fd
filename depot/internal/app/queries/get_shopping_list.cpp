#include "depot/internal/app/queries/get_shopping_list.hpp"

#include <algorithm>

namespace depot::app {

std::vector<domain::StoreId> without_location(const domain::ShoppingList& list) {
  std::vector<domain::StoreId> stores;
  for (const auto& stop : list.stops) {
    if (stop.store_location.empty()) stores.push_back(stop.store);
  }
  return stores;
}

pkg::errors::Result<domain::ShoppingList> GetShoppingListHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                             const GetShoppingList& query) const {
  auto list = lists_.load(unit, query.list);
  if (!list) return list;
  if (list->status == domain::ShoppingListStatus::none) {
    return std::unexpected(domain::to_error({domain::ShoppingListRejection::no_such_list, "There is no such shopping list."}));
  }
  const auto missing = without_location(*list);
  if (missing.empty()) return list;
  const auto known = stores_.find(unit, missing);
  if (!known) return pkg::errors::pass_on(known);
  for (auto& stop : list->stops) {
    const auto store = std::ranges::find(*known, stop.store, &domain::KnownStore::store);
    if (stop.store_location.empty() && store != known->end()) stop.store_location = store->location;
  }
  return list;
}

}  // namespace depot::app
