#pragma once
// Names that cross a boundary: channels and the service's own name. Changing one breaks running systems.

#include <string_view>

namespace payments::constants {

constexpr std::string_view service = "payments";
constexpr std::string_view source = "/mallbots/payments";

// What payments publishes to, and what it listens to.
constexpr std::string_view payment_events = "mallbots.payments.events.Payment";
constexpr std::string_view invoice_events = "mallbots.payments.events.Invoice";
constexpr std::string_view commands = "mallbots.payments.commands";
constexpr std::string_view order_events = "mallbots.ordering.events.Order";

}  // namespace payments::constants
