#pragma once

#include "payments/internal/app/app.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/handlers.hpp"

namespace payments::ports {

/// What payments does when ordering tells it something: a ready order gets its invoice, a canceled one its money back. A rejected order
/// is the saga's, which compensates by command. `app` and `ids` outlive the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app, pkg::ids::IdSource& ids);

}  // namespace payments::ports
