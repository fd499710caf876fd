#pragma once

#include "pkg/messaging/handlers.hpp"
#include "stores/internal/app/app.hpp"

namespace stores::ports {

/// What stores does when ordering tells what became of an order: completed takes its goods out of the stock, canceled gives them back.
/// A rejected order needs nothing: the saga that rejects it releases its stock first, and tries for ever. `app` outlives the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app);

}  // namespace stores::ports
