#include "depot/internal/app/commands/create_shopping_list.hpp"

namespace depot::app {

Changed CreateShoppingListHandler::operator()(pkg::uow::UnitOfWork& unit, const CreateShoppingList& command) const {
  using Decided = pkg::errors::Result<domain::ShoppingListDecision>;
  return changes_.begin_of(unit, command.order, [&](const domain::ShoppingList& list) -> Decided {
    std::vector<domain::StoreId> ids;
    for (const auto& item : command.items) ids.push_back(item.store);
    const auto known = stores_.find(unit, ids);
    if (!known) return pkg::errors::pass_on(known);
    return domain::create(list, {command.id, command.order, command.items, changes_.now()}, *known);
  });
}

}  // namespace depot::app
