#pragma once

#include <string_view>

#include "pkg/errors/error.hpp"
#include "users/internal/domain/user.hpp"

namespace users::adapters::pg {

/// How a status is written in the table of accounts.
std::string_view to_word(domain::UserStatus status);
/// Fails with `internal`, code "unreadable_row".
pkg::errors::Result<domain::UserStatus> from_word(std::string_view word);

}  // namespace users::adapters::pg
