#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace stores::constants {

constexpr std::string_view service = "stores";
constexpr std::string_view source = "/mallbots/stores";

// What stores publishes to, and what it listens to.
constexpr std::string_view store_events = "mallbots.stores.events.Store";
constexpr std::string_view product_events = "mallbots.stores.events.Product";
constexpr std::string_view commands = "mallbots.stores.commands";
constexpr std::string_view order_events = "mallbots.ordering.events.Order";

}  // namespace stores::constants
