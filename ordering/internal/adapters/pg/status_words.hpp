#pragma once

#include <string_view>

#include "ordering/internal/domain/order.hpp"
#include "pkg/errors/error.hpp"

namespace ordering::adapters::pg {

/// How a status is written in the read model.
std::string_view to_word(domain::OrderStatus status);
/// Fails with `internal`, code "unreadable_row".
pkg::errors::Result<domain::OrderStatus> from_word(std::string_view word);

}  // namespace ordering::adapters::pg
