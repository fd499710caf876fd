#pragma once

#include "pkg/messaging/handlers.hpp"
#include "search/internal/app/ports.hpp"

namespace search::ports {

/// The events of orders; part of handle_integration_events().
void handle_order_events(pkg::messaging::Handlers& handlers, app::OrderHistory& orders);

}  // namespace search::ports
