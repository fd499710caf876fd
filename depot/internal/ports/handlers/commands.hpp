#pragma once

#include "depot/internal/app/app.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/replies.hpp"

namespace depot::ports {

/// What depot does for the create-order saga: make, cancel and release shopping lists. All arguments outlive the handlers.
void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies,
                     pkg::ids::IdSource& ids);

}  // namespace depot::ports
