#include "depot/internal/app/commands/assign_shopping_list.hpp"

namespace depot::app {

Changed AssignShoppingListHandler::operator()(pkg::uow::UnitOfWork& unit, const AssignShoppingList& command) const {
  const auto list = lists_.load(unit, command.list);
  if (!list) return list;
  const auto bots = bots_.load(unit, std::span(&command.bot, 1));
  if (!bots) return pkg::errors::pass_on(bots);
  auto assignment = domain::assign(*list, bots->empty() ? domain::Bot{} : bots->front(), changes_.due_at(*list));
  if (!assignment) return std::unexpected(domain::to_error(assignment.error()));
  if (auto fresh = check_version(*list, command.if_version); !fresh) return pkg::errors::pass_on(fresh);
  floor_.wake(unit);  // it has to know when the list is due
  return changes_.record(unit, std::move(*assignment));
}

}  // namespace depot::app
