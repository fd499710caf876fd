#pragma once

#include "depot/internal/app/app.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/handlers.hpp"

namespace depot::ports {

/// What depot does when stores and ordering tell it something: it learns where stores are, and does not pick what was canceled. What is
/// told of products is not needed, because the commands carry their names. Both `app` and `ids` outlive the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app, pkg::ids::IdSource& ids);

}  // namespace depot::ports
