#include "depot/internal/domain/shopping_list.hpp"

#include <algorithm>
#include <utility>

namespace depot::domain {
namespace {

using R = ShoppingListRejection;
using Status = ShoppingListStatus;

std::string_view name_of(Status status) {
  switch (status) {
    case Status::none: return "not there";
    case Status::pending: return "pending";
    case Status::available: return "available";
    case Status::assigned: return "assigned";
    case Status::completed: return "completed";
    case Status::canceled: return "canceled";
  }
  std::unreachable();
}

std::unexpected<ShoppingListRejected> refuse(R reason, std::string detail) {
  return std::unexpected(ShoppingListRejected{reason, std::move(detail)});
}

std::unexpected<ShoppingListRejected> refuse_in_state(R reason, Status status) {
  return refuse(reason,
                status == Status::none ? "There is no such shopping list." : "The shopping list is " + std::string(name_of(status)) + ".");
}

ShoppingListChange nothing(const ShoppingList& list) { return {list, {}}; }

ShoppingListChange moved(ShoppingList list, Status status, ShoppingListEvent event) {
  list.status = status;
  return {std::move(list), {std::move(event)}};
}

Stop& stop_at(std::vector<Stop>& stops, const OrderedItem& item, std::span<const KnownStore> stores) {
  const auto stop = std::ranges::find(stops, item.store, &Stop::store);
  if (stop != stops.end()) return *stop;
  const auto known = std::ranges::find(stores, item.store, &KnownStore::store);
  const bool is_known = known != stores.end();
  return stops.emplace_back(Stop{item.store, is_known ? known->name : item.store_name, is_known ? known->location : "", {}});
}

/// Nothing where a quantity is out of range.
std::optional<std::vector<Stop>> plan_stops(const std::vector<OrderedItem>& items, std::span<const KnownStore> stores) {
  std::vector<Stop> stops;
  for (const auto& item : items) {
    if (item.quantity < 1 || item.quantity > max_quantity) return std::nullopt;
    auto& stop = stop_at(stops, item, stores);
    const auto same = std::ranges::find(stop.items, item.product, &StopItem::product);
    if (same == stop.items.end()) {
      stop.items.push_back({item.product, item.product_name, item.quantity});
    } else if (same->quantity > max_quantity - item.quantity) {
      return std::nullopt;
    } else {
      same->quantity += item.quantity;
    }
  }
  return stops;
}

}  // namespace

std::int64_t pieces(const ShoppingList& list) {
  std::int64_t sum = 0;
  for (const auto& stop : list.stops) {
    for (const auto& item : stop.items) sum += item.quantity;
  }
  return sum;
}

ShoppingListDecision create(const ShoppingList& list, const NewList& what, std::span<const KnownStore> stores) {
  switch (list.status) {
    case Status::none: break;
    case Status::pending:
    case Status::available:
    case Status::assigned:
    case Status::completed: return nothing(list);
    case Status::canceled: return refuse_in_state(R::shopping_list_canceled, list.status);
  }
  if (what.items.empty()) return refuse(R::list_empty, "A shopping list has at least one item.");
  auto stops = plan_stops(what.items, stores);
  if (!stops) return refuse(R::quantity_out_of_range, "Of each product 1 to " + std::to_string(max_quantity) + " pieces are picked.");
  ShoppingList made;
  made.id = what.id;
  made.order = what.order;
  made.stops = std::move(*stops);
  made.created_at = what.now;
  return moved(std::move(made), Status::pending, ShoppingListCreated{});
}

ShoppingListDecision initiate(const ShoppingList& list) {
  switch (list.status) {
    case Status::none: return refuse_in_state(R::no_such_list, list.status);
    case Status::pending: return moved(list, Status::available, ShoppingListInitiated{});
    case Status::available:
    case Status::assigned:
    case Status::completed: return nothing(list);
    case Status::canceled: return refuse_in_state(R::shopping_list_canceled, list.status);
  }
  std::unreachable();
}

std::expected<Assignment, ShoppingListRejected> assign(const ShoppingList& list, const Bot& bot, pkg::clock::TimePoint due_at) {
  if (list.status == Status::none) return refuse_in_state(R::no_such_list, list.status);
  if (list.status != Status::available) return refuse_in_state(R::list_not_available, list.status);
  switch (bot.status) {
    case BotStatus::none: return refuse(R::no_such_bot, "There is no such bot.");
    case BotStatus::active: return refuse(R::bot_not_idle, "The bot " + bot.name + " is picking another list.");
    case BotStatus::idle: break;
  }
  Assignment made{moved(list, Status::assigned, ShoppingListAssigned{bot.id}), bot};
  made.list.state.bot = bot.id;
  made.list.state.due_at = due_at;
  made.bot.status = BotStatus::active;
  made.bot.list = list.id;
  made.bot.due_at = due_at;
  return made;
}

ShoppingListDecision complete(const ShoppingList& list) {
  if (list.status == Status::none) return refuse_in_state(R::no_such_list, list.status);
  if (list.status != Status::assigned) return refuse_in_state(R::list_not_assigned, list.status);
  return moved(list, Status::completed, ShoppingListCompleted{});
}

ShoppingListDecision cancel(const ShoppingList& list) {
  switch (list.status) {
    case Status::none: return refuse_in_state(R::no_such_list, list.status);
    case Status::pending:
    case Status::available:
    case Status::assigned: break;
    case Status::completed: return refuse_in_state(R::shopping_list_completed, list.status);
    case Status::canceled: return nothing(list);
  }
  auto change = moved(list, Status::canceled, ShoppingListCanceled{});
  change.state.bot.reset();
  change.state.due_at.reset();
  return change;
}

ShoppingListDecision cancel_order(const ShoppingList& list, const OrderId& order, const ShoppingListId& id, pkg::clock::TimePoint now) {
  if (list.status == Status::completed) return nothing(list);
  if (list.status != Status::none) return cancel(list);
  ShoppingList never_made;
  never_made.id = id;
  never_made.order = order;
  never_made.status = Status::canceled;
  never_made.created_at = now;
  return ShoppingListChange{std::move(never_made), {}};
}

}  // namespace depot::domain
