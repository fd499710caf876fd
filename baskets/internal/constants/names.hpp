#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace baskets::constants {

constexpr std::string_view service = "baskets";
constexpr std::string_view source = "/mallbots/baskets";

// What baskets publishes to, and what it listens to.
constexpr std::string_view basket_events = "mallbots.baskets.events.Basket";
constexpr std::string_view store_events = "mallbots.stores.events.Store";
constexpr std::string_view product_events = "mallbots.stores.events.Product";

}  // namespace baskets::constants
