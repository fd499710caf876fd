#pragma once

#include "pkg/messaging/handlers.hpp"
#include "search/internal/app/ports.hpp"

namespace search::ports {

/// What search does with the messages of other services: it learns what is sold, who people are and what was ordered. Both read models
/// outlive the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, app::ProductIndex& products, app::OrderHistory& orders);

}  // namespace search::ports
