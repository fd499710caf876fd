#pragma once

#include "notifications/internal/app/app.hpp"
#include "pkg/messaging/handlers.hpp"

namespace notifications::ports {

/// What notifications does when users, ordering and payments tell it something. OrderReadied is left alone: the message that an order
/// is ready is written when payments tells of the invoice, which follows, because it names the invoice. `app` outlives the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app);

}  // namespace notifications::ports
