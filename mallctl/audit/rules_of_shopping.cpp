#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

void compare(const Uuid& id, const Order& order, const ShoppingList* list, Verdict& verdict) {
  const auto subject = list == nullptr ? named("shopping list of order", id) : named("shopping list", list->id);
  const auto which = ", as " + named("order", id) + " is " + order.status;
  const auto status = list == nullptr ? std::string("none") : list->status;
  if (order.is_undone()) {
    // One that was picked before anybody could stop it stays so.
    if (status == "pending" || status == "available" || status == "assigned")
      verdict.late(order.changed_at, {subject, "none, or canceled" + which, status});
  } else if (order.status == "ready" || order.status == "completed") {
    if (status != "completed") verdict.late(order.changed_at, {subject, "completed" + which, status});
  } else if (order.status == "approved") {
    if (list == nullptr || status == "pending") verdict.late(order.changed_at, {subject, "to be picked" + which, status});
    if (status == "completed" || status == "canceled") verdict.differs({subject, "to be picked" + which, status});
  }
  if (list != nullptr && order.pieces && list->pieces != *order.pieces && !(list->status == "canceled" && list->pieces.empty()))
    verdict.wrong({subject, *order.pieces + ", as in " + named("order", id), list->pieces});
  if (list != nullptr && order.list && *order.list != list->id)
    verdict.wrong({subject, named("shopping list", *order.list) + " to be that of " + named("order", id), "this one is"});
}

void list_follows_order(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    const auto list = books.lists.find(id);
    compare(id, order, list == books.lists.end() ? nullptr : &list->second, verdict);
  }
  for (const auto& [id, list] : books.lists) {
    if (!books.orders.contains(id))
      verdict.wrong({named("shopping list", list.id), "an order that it is for", "none of the id " + id.to_string()});
  }
}

void bot_has_its_list(const Books& books, Verdict& verdict) {
  std::map<Uuid, const ShoppingList*> lists;
  for (const auto& [id, list] : books.lists) lists[list.id] = &list;
  for (const auto& [id, bot] : books.bots) {
    verdict.checked();
    const bool is_active = bot.status == "active";
    if (is_active != bot.list.has_value()) {
      verdict.wrong(
          {named("bot", id), "a list while it is active, and only then", bot.status + (bot.list ? ", with a list" : ", without a list")});
    } else if (bot.list) {
      const auto list = lists.find(*bot.list);
      const bool is_its = list != lists.end() && list->second->status == "assigned" && list->second->bot == id;
      if (!is_its) {
        verdict.wrong({named("bot", id), named("shopping list", *bot.list) + " assigned to it",
                       list == lists.end() ? std::string("no such list") : list->second->status});
      }
    }
  }
  for (const auto& [id, list] : lists) {
    if (list->status != "assigned") continue;
    const auto bot = list->bot ? books.bots.find(*list->bot) : books.bots.end();
    if (bot == books.bots.end() || bot->second.list != id)
      verdict.wrong(
          {named("shopping list", id), "a bot that picks it, as it is assigned", bot == books.bots.end() ? "none" : "one that does not"});
  }
}

}  // namespace

std::vector<Rule> rules_of_shopping() {
  return {
      {"list-follows-order",
       "an order has one shopping list, of what was ordered, picked when the order is ready, canceled when it is undone",
       {Page::shopping, Page::orders},
       list_follows_order},
      {"bot-has-its-list",
       "a bot is active with the list that is assigned to it, and idle without one",
       {Page::shopping},
       bot_has_its_list},
  };
}

}  // namespace mallctl::audit
