#pragma once
// A shopping list: what a bot picks for one order, store by store.
//
//   (none) --create--> pending --initiate--> available --assign--> assigned --complete--> completed
//      \                  \                     |                     |
//       `--cancel_order----`------cancel--------'---------------------'--> canceled
//
// Invariants: one list per order, ever; each store is one stop and each product of it one item; what is on the list never changes; it
// has a bot and a time when it is done exactly while it is assigned or completed; completed and canceled are never left. A list that is
// canceled before it was made is there all the same, without stops, so that a late create finds it canceled.

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "depot/internal/domain/bot.hpp"
#include "depot/internal/domain/ids.hpp"
#include "depot/internal/domain/shopping_list_events.hpp"
#include "depot/internal/domain/shopping_list_rejection.hpp"
#include "pkg/clock/clock.hpp"

namespace depot::domain {

constexpr int max_quantity = 1'000'000;

enum class ShoppingListStatus : std::uint8_t { none, pending, available, assigned, completed, canceled };

struct StopItem {
  ProductId product;
  std::string product_name;
  int quantity = 0;
  friend bool operator==(const StopItem&, const StopItem&) = default;
};

struct Stop {
  StoreId store;
  std::string store_name;
  std::string store_location;  ///< empty where it is not known
  std::vector<StopItem> items;
  friend bool operator==(const Stop&, const Stop&) = default;
};

struct ShoppingList {
  ShoppingListId id;
  std::uint64_t version = 0;  ///< that of the stored state; 0 before it is stored. Decisions leave it alone.
  OrderId order;
  ShoppingListStatus status = ShoppingListStatus::none;
  std::vector<Stop> stops;  ///< in the order in which the stores came
  std::optional<BotId> bot;
  pkg::clock::TimePoint created_at;
  std::optional<pkg::clock::TimePoint> due_at;  ///< when a simulated robot has picked it

  friend bool operator==(const ShoppingList&, const ShoppingList&) = default;
};

/// How many pieces are on the list.
std::int64_t pieces(const ShoppingList& list);

/// A list after a decision and what the others are to be told; the same state and no events where there was nothing to do.
struct ShoppingListChange {
  ShoppingList state;
  std::vector<ShoppingListEvent> events;
};

using ShoppingListDecision = std::expected<ShoppingListChange, ShoppingListRejected>;

/// A line of an order.
struct OrderedItem {
  StoreId store;
  std::string store_name;  ///< as the order has it
  ProductId product;
  std::string product_name;
  int quantity = 0;
};

/// What is known of a store at present.
struct KnownStore {
  StoreId store;
  std::string name;
  std::string location;
};

struct NewList {
  ShoppingListId id;
  OrderId order;
  std::vector<OrderedItem> items;
  pkg::clock::TimePoint now;
};

// Decisions: pure. `list` is the one that is stored, with status none where there is none.

/// Does nothing where the order has its list. A known store's name goes before the order's. May reject with shopping_list_canceled,
/// list_empty, quantity_out_of_range.
ShoppingListDecision create(const ShoppingList& list, const NewList& what, std::span<const KnownStore> stores);

/// The list may be picked; does nothing where it was told so before. May reject with no_such_list, shopping_list_canceled.
ShoppingListDecision initiate(const ShoppingList& list);

/// A list and the bot that picks it.
struct Assignment {
  ShoppingListChange list;
  Bot bot;
};
/// May reject with no_such_list, list_not_available, no_such_bot, bot_not_idle.
std::expected<Assignment, ShoppingListRejected> assign(const ShoppingList& list, const Bot& bot, pkg::clock::TimePoint due_at);

/// Everything is picked. May reject with no_such_list, list_not_assigned.
ShoppingListDecision complete(const ShoppingList& list);

/// Its bot, if it has one, is free again (free_of). Does nothing to a canceled list. May reject with no_such_list,
/// shopping_list_completed.
ShoppingListDecision cancel(const ShoppingList& list);

/// Cancels the list of an order that is not wanted any more. Where there is none yet, `id` stands for it from now on, canceled, and nobody
/// is told. One that is picked stays so: nobody can undo that, and whoever asks must not wait for it. Never rejects.
ShoppingListDecision cancel_order(const ShoppingList& list, const OrderId& order, const ShoppingListId& id, pkg::clock::TimePoint now);

}  // namespace depot::domain
