#pragma once
// What can have happened to a shopping list; the others are told of it (ports/handlers/domain_events.cpp).

#include <variant>

#include "depot/internal/domain/ids.hpp"

namespace depot::domain {

struct ShoppingListCreated {
  friend bool operator==(const ShoppingListCreated&, const ShoppingListCreated&) = default;
};
struct ShoppingListInitiated {
  friend bool operator==(const ShoppingListInitiated&, const ShoppingListInitiated&) = default;
};
struct ShoppingListAssigned {
  BotId bot;
  friend bool operator==(const ShoppingListAssigned&, const ShoppingListAssigned&) = default;
};
struct ShoppingListCompleted {
  friend bool operator==(const ShoppingListCompleted&, const ShoppingListCompleted&) = default;
};
struct ShoppingListCanceled {
  friend bool operator==(const ShoppingListCanceled&, const ShoppingListCanceled&) = default;
};

using ShoppingListEvent =
    std::variant<ShoppingListCreated, ShoppingListInitiated, ShoppingListAssigned, ShoppingListCompleted, ShoppingListCanceled>;

}  // namespace depot::domain
