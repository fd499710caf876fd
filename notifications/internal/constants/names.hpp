#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace notifications::constants {

constexpr std::string_view service = "notifications";

// What notifications listens to; it publishes nothing.
constexpr std::string_view user_events = "mallbots.users.events.User";
constexpr std::string_view order_events = "mallbots.ordering.events.Order";
constexpr std::string_view invoice_events = "mallbots.payments.events.Invoice";

}  // namespace notifications::constants
