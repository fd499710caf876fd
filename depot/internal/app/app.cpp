#include "depot/internal/app/app.hpp"

namespace depot::app {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

Application::Application(const Needs& needs)
    : needs_(needs),
      changes_(needs.lists, needs.bots, needs.news, needs.floor, needs.clock, needs.pace),
      create_list_(changes_, needs.stores),
      initiate_(changes_),
      cancel_order_(changes_),
      assign_list_(changes_, needs.lists, needs.bots, needs.floor),
      complete_list_(changes_),
      cancel_list_(changes_),
      get_list_(needs.lists, needs.stores),
      list_lists_(needs.lists),
      register_bot_(needs.bots, needs.floor, needs.clock),
      list_bots_(needs.bots),
      work_floor_(changes_, needs.lists, needs.bots, needs.pace) {}

Changed Application::assign_shopping_list(const Cause& cause, const AssignShoppingList& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return assign_list_(unit, command); });
}

Changed Application::complete_shopping_list(const Cause& cause, const CompleteShoppingList& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return complete_list_(unit, command); });
}

Changed Application::cancel_shopping_list(const Cause& cause, const CancelShoppingList& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return cancel_list_(unit, command); });
}

Changed Application::get_shopping_list(const Cause& cause, const GetShoppingList& query) const {
  const auto get = [&](UnitOfWork& unit) { return get_list_(unit, query); };
  auto list = needs_.transactor.run_for(cause, get);
  if (!list) return list;
  const auto missing = without_location(*list);
  return !missing.empty() && learn_of(cause, missing) ? needs_.transactor.run_for(cause, get) : list;
}

Result<pkg::paging::Slice<domain::ShoppingList>> Application::list_shopping_lists(const Cause& cause,
                                                                                  const ListShoppingLists& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return list_lists_(unit, query); });
}

Result<> Application::register_bot(const Cause& cause, const RegisterBot& command) const {
  return needs_.transactor.run(cause, [&](UnitOfWork& unit) { return register_bot_(unit, command); });
}

Result<pkg::paging::Slice<domain::Bot>> Application::list_bots(const Cause& cause, const ListBots& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return list_bots_(unit, query); });
}

Result<> Application::register_initial_bots(const Cause& cause, int count, pkg::ids::IdSource& ids) const {
  return needs_.transactor.run(cause, [&](UnitOfWork& unit) -> Result<> {
    const auto some = needs_.bots.list(unit, {1, {}});
    if (!some) return pass_on(some);
    if (!some->items.empty()) return {};
    // Names are not looked up: where a replica is faster, the save is contended, and the next try finds its bots.
    for (int i = 1; i <= count; ++i) {
      const auto bot = domain::register_bot(domain::BotId::make(ids), "bot-" + std::to_string(i), false, needs_.clock.now());
      if (!bot) return std::unexpected(domain::to_error(bot.error()));
      needs_.bots.save(unit, *bot);
    }
    needs_.floor.wake(unit);
    return {};
  });
}

Result<std::optional<pkg::clock::TimePoint>> Application::work_floor(const Cause& cause, const WorkFloor& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return work_floor_(unit, command); });
}

bool Application::learn_of(const Cause& cause, const std::vector<domain::StoreId>& stores) const {
  std::vector<StoreFact> facts;
  for (const auto& store : stores) {
    auto fact = needs_.directory.look_up(cause, store);
    if (!fact) break;  // stores is away; the list is shown all the same
    if (*fact) facts.push_back(std::move(**fact));
  }
  if (facts.empty()) return false;
  const auto learned = needs_.transactor.run(cause, [&](UnitOfWork& unit) -> Result<> {
    for (const auto& fact : facts) needs_.stores.learn(unit, fact);
    return {};
  });
  return learned.has_value();
}

}  // namespace depot::app
