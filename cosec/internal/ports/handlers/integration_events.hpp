#pragma once

#include "cosec/internal/domain/create_order.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/saga_engine/typed_definition.hpp"

namespace cosec::ports {

/// What starts a saga, calls it off and moves it on: OrderCreated, OrderCanceled, and the participants' replies. `sagas` outlives the
/// handlers.
void handle_integration_events(pkg::messaging::Handlers& handlers, pkg::saga::Coordinator& sagas,
                               const pkg::saga::Codec<domain::CreateOrder>& codec);

}  // namespace cosec::ports
