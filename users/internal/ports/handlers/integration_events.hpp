#pragma once

#include "pkg/messaging/handlers.hpp"
#include "users/internal/app/app.hpp"

namespace users::ports {

/// What users does when stores tells it something: who created a store becomes an owner. `app` outlives the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app);

}  // namespace users::ports
