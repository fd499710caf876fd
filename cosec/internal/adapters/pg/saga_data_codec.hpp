#pragma once

#include "cosec/internal/domain/create_order.hpp"
#include "pkg/saga_engine/typed_definition.hpp"

namespace cosec::adapters::pg {

/// How the saga's data is written down (saga_data.proto), data version 1.
pkg::saga::Codec<domain::CreateOrder> create_order_codec();

}  // namespace cosec::adapters::pg
