#pragma once

#include "pkg/es_pg/codec.hpp"
#include "stores/internal/domain/store.hpp"

namespace stores::adapters::pg {

/// How a store's events are written down (stores_events.proto). Names and versions are pinned; tests/golden has the bytes.
pkg::es_pg::EventCodec<domain::Store> store_codec();

}  // namespace stores::adapters::pg
