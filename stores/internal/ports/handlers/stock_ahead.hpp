#pragma once

#include "pkg/messaging/handlers.hpp"
#include "stores/internal/app/app.hpp"

namespace stores::ports {

/// Looks at the stock once for all messages of a unit of work that are about it. `app` outlives the handlers.
void look_ahead_at_stock(pkg::messaging::Handlers& handlers, const app::Application& app);

}  // namespace stores::ports
