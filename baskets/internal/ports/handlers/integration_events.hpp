#pragma once

#include "baskets/internal/app/ports.hpp"
#include "pkg/messaging/handlers.hpp"

namespace baskets::ports {

/// What baskets does with the messages of other services: it learns what stores offer. `offers` outlives the handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, app::OfferCache& offers);

}  // namespace baskets::ports
