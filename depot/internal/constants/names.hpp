#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace depot::constants {

constexpr std::string_view service = "depot";
constexpr std::string_view source = "/mallbots/depot";

// What depot publishes to, and what it listens to.
constexpr std::string_view shopping_list_events = "mallbots.depot.events.ShoppingList";
constexpr std::string_view commands = "mallbots.depot.commands";
constexpr std::string_view store_events = "mallbots.stores.events.Store";
constexpr std::string_view order_events = "mallbots.ordering.events.Order";

}  // namespace depot::constants
