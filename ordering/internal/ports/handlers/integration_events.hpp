#pragma once

#include "ordering/internal/app/app.hpp"
#include "pkg/messaging/handlers.hpp"

namespace ordering::ports {

/// What ordering does when baskets, depot and payments tell it something. `app` outlives the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app);

}  // namespace ordering::ports
