#pragma once

#include <optional>

#include "ordering/internal/app/ports.hpp"

namespace ordering::app {

/// What an event adds to an order's history; nothing where it is only remembered for later.
std::optional<OrderView::Step> step_of(const domain::OrderEvent& event);

}  // namespace ordering::app
