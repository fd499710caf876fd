#pragma once

#include "baskets/internal/domain/basket.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es_pg/stored_event.hpp"

namespace baskets::adapters::pg {

/// How a basket's events are written down. Names and versions are pinned; tests/golden has the bytes.
struct BasketCodec {
  static pkg::es_pg::StoredEvent encode(const domain::BasketEvent& event);
  /// Fails with `internal`, code "unreadable_event".
  static pkg::errors::Result<domain::BasketEvent> decode(const pkg::es_pg::StoredEvent& stored);
};

}  // namespace baskets::adapters::pg
