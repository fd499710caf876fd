#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace users::constants {

constexpr std::string_view service = "users";
constexpr std::string_view source = "/mallbots/users";
constexpr std::string_view service_role = "service";  ///< of machines, beside the roles of people

// What users publishes to, and what it listens to.
constexpr std::string_view user_events = "mallbots.users.events.User";
constexpr std::string_view commands = "mallbots.users.commands";
constexpr std::string_view store_events = "mallbots.stores.events.Store";

}  // namespace users::constants
