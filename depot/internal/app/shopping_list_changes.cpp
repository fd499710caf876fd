#include "depot/internal/app/shopping_list_changes.hpp"

namespace depot::app {

using domain::ShoppingListStatus;

pkg::errors::Result<> check_version(const domain::ShoppingList& list, std::optional<std::uint64_t> expected) {
  if (!expected || *expected == list.version) return {};
  return pkg::errors::fail(
      pkg::errors::ErrorKind::stale, "stale_version",
      "You saw version " + std::to_string(*expected) + ", it is at version " + std::to_string(list.version) + " now; look again.");
}

domain::ShoppingList ShoppingListChanges::save(pkg::uow::UnitOfWork& unit, domain::ShoppingListChange change) const {
  // The save comes first: it makes the later of two writers of one list wait, so that news leave in the order of versions.
  lists_.save(unit, change.state);
  ++change.state.version;
  news_.tell(unit, change.state, change.events);
  return std::move(change.state);
}

Changed ShoppingListChanges::record(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& before,
                                    domain::ShoppingListChange change) const {
  if (change.state == before) return before;
  auto after = save(unit, std::move(change));
  if (before.status == ShoppingListStatus::assigned && after.status != ShoppingListStatus::assigned) {
    const auto bots = bots_.load(unit, std::span(&*before.bot, 1));
    if (!bots) return pkg::errors::pass_on(bots);
    for (const auto& bot : *bots) bots_.save(unit, domain::free_of(bot, before.id));
    floor_.wake(unit);
  }
  if (after.status == ShoppingListStatus::available) floor_.wake(unit);
  return after;
}

domain::ShoppingList ShoppingListChanges::record(pkg::uow::UnitOfWork& unit, domain::Assignment assignment) const {
  auto after = save(unit, std::move(assignment.list));
  bots_.save(unit, assignment.bot);
  return after;
}

}  // namespace depot::app
