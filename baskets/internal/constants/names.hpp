#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <array>
#include <string_view>

namespace baskets::constants {

constexpr std::string_view service = "baskets";
constexpr std::string_view source = "/mallbots/baskets";

// What baskets publishes to, and what it listens to.
constexpr std::string_view basket_events = "mallbots.baskets.events.Basket";
constexpr std::string_view store_events = "mallbots.stores.events.Store";
constexpr std::string_view product_events = "mallbots.stores.events.Product";

// The roles that access rules may name.
constexpr std::array<std::string_view, 5> roles{"shopper", "owner", "picker", "operator", "service"};

}  // namespace baskets::constants
