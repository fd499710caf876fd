#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace search::constants {

constexpr std::string_view service = "search";

// What search listens to; it publishes nothing.
constexpr std::string_view user_events = "mallbots.users.events.User";
constexpr std::string_view store_events = "mallbots.stores.events.Store";
constexpr std::string_view product_events = "mallbots.stores.events.Product";
constexpr std::string_view order_events = "mallbots.ordering.events.Order";

// Who sees the orders of others.
constexpr std::string_view operator_role = "operator";

}  // namespace search::constants
