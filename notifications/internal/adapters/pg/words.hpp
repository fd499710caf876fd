#pragma once

#include <string_view>

#include "notifications/internal/domain/notification.hpp"
#include "pkg/errors/error.hpp"

namespace notifications::adapters::pg {

/// How kinds and deliveries are written in the tables.
std::string_view to_word(domain::Kind kind);
std::string_view to_word(domain::Delivery delivery);
/// Fail with `internal`, code "unreadable_row".
pkg::errors::Result<domain::Kind> kind_from_word(std::string_view word);
pkg::errors::Result<domain::Delivery> delivery_from_word(std::string_view word);

}  // namespace notifications::adapters::pg
