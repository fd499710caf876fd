#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace ordering::constants {

constexpr std::string_view service = "ordering";
constexpr std::string_view source = "/mallbots/ordering";

// What ordering publishes to, and what it listens to.
constexpr std::string_view order_events = "mallbots.ordering.events.Order";
constexpr std::string_view commands = "mallbots.ordering.commands";
constexpr std::string_view basket_events = "mallbots.baskets.events.Basket";
constexpr std::string_view shopping_list_events = "mallbots.depot.events.ShoppingList";
constexpr std::string_view invoice_events = "mallbots.payments.events.Invoice";

}  // namespace ordering::constants
