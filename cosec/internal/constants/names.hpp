#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace cosec::constants {

constexpr std::string_view service = "cosec";
constexpr std::string_view source = "/mallbots/cosec";

// Where the saga's participants answer, and where they are told what to do.
constexpr std::string_view create_order_replies = "mallbots.cosec.replies.CreateOrder";
constexpr std::string_view users_commands = "mallbots.users.commands";
constexpr std::string_view stores_commands = "mallbots.stores.commands";
constexpr std::string_view depot_commands = "mallbots.depot.commands";
constexpr std::string_view payments_commands = "mallbots.payments.commands";
constexpr std::string_view ordering_commands = "mallbots.ordering.commands";

// What starts and cancels sagas.
constexpr std::string_view order_events = "mallbots.ordering.events.Order";

}  // namespace cosec::constants
