#pragma once

#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/replies.hpp"
#include "stores/internal/app/app.hpp"

namespace stores::ports {

/// What stores does for the create-order saga: reserve and release stock. `app` and `replies` outlive the handlers.
void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies);

}  // namespace stores::ports
