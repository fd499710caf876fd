#pragma once

#include "baskets/internal/domain/basket.hpp"
#include "pkg/es_pg/codec.hpp"

namespace baskets::adapters::pg {

/// How a basket's events are written down (basket_events.proto). Names and versions are pinned; tests/golden has the bytes.
pkg::es_pg::EventCodec<domain::Basket> basket_codec();

}  // namespace baskets::adapters::pg
