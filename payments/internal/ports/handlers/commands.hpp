#pragma once

#include "payments/internal/app/app.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/replies.hpp"

namespace payments::ports {

/// What payments does for the create-order saga: confirm and release payments. `app` and `replies` outlive the handlers.
void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies);

}  // namespace payments::ports
