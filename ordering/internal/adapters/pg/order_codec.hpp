#pragma once

#include "ordering/internal/domain/order.hpp"
#include "pkg/es_pg/codec.hpp"

namespace ordering::adapters::pg {

/// How an order's events are written down (order_events.proto). Names and versions are pinned; tests/golden has the bytes.
pkg::es_pg::EventCodec<domain::Order> order_codec();

}  // namespace ordering::adapters::pg
