#pragma once

#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/replies.hpp"
#include "users/internal/app/app.hpp"

namespace users::ports {

/// What users does for the create-order saga: say whether somebody may order. `app` and `replies` outlive the handlers.
void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies);

}  // namespace users::ports
