#pragma once

#include "ordering/internal/app/app.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/replies.hpp"

namespace ordering::ports {

/// What ordering does for the create-order saga: approve and reject orders. `app` and `replies` outlive the handlers.
void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies);

}  // namespace ordering::ports
