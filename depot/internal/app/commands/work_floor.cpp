#include "depot/internal/app/commands/work_floor.hpp"

#include <algorithm>

namespace depot::app {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::uow::UnitOfWork;

Result<std::optional<pkg::clock::TimePoint>> WorkFloorHandler::operator()(UnitOfWork& unit, const WorkFloor& command) const {
  int most = 0;
  if (pace_.robots) {
    const auto completed = complete_due(unit, command.limit);
    if (!completed) return pass_on(completed);
    most = *completed;
  }
  const auto assigned = assign_available(unit, command.limit);
  if (!assigned) return pass_on(assigned);
  if (std::max(most, *assigned) == command.limit) return std::optional(changes_.now());
  if (!pace_.robots) return std::optional<pkg::clock::TimePoint>{};
  return lists_.next_due(unit);
}

Result<int> WorkFloorHandler::complete_due(UnitOfWork& unit, int limit) const {
  const auto due = lists_.take_due(unit, changes_.now(), limit);
  if (!due) return pass_on(due);
  if (due->empty()) return 0;
  std::vector<domain::BotId> ids;
  for (const auto& list : *due) ids.push_back(*list.bot);
  const auto bots = bots_.load(unit, ids);
  if (!bots) return pass_on(bots);
  for (const auto& list : *due) {
    auto done = domain::complete(list);
    if (!done) continue;
    changes_.save(unit, std::move(*done));
    const auto bot = std::ranges::find(*bots, *list.bot, &domain::Bot::id);
    if (bot != bots->end()) bots_.save(unit, domain::free_of(*bot, list.id));
  }
  return static_cast<int>(due->size());
}

Result<int> WorkFloorHandler::assign_available(UnitOfWork& unit, int limit) const {
  const auto bots = bots_.take_idle(unit, limit);
  if (!bots) return pass_on(bots);
  if (bots->empty()) return 0;
  const auto lists = lists_.take_available(unit, static_cast<int>(bots->size()));
  if (!lists) return pass_on(lists);
  for (std::size_t i = 0; i < lists->size(); ++i) {
    const auto& list = (*lists)[i];
    auto assignment = domain::assign(list, (*bots)[i], changes_.due_at(list));
    if (assignment) changes_.record(unit, std::move(*assignment));
  }
  return static_cast<int>(lists->size());
}

}  // namespace depot::app
