#pragma once

#include <string_view>

#include "depot/internal/domain/bot.hpp"
#include "depot/internal/domain/shopping_list.hpp"
#include "pkg/errors/error.hpp"

namespace depot::adapters::pg {

/// How a status is written in the tables.
std::string_view to_word(domain::ShoppingListStatus status);
std::string_view to_word(domain::BotStatus status);
/// Fail with `internal`, code "unreadable_row".
pkg::errors::Result<domain::ShoppingListStatus> list_status_of(std::string_view word);
pkg::errors::Result<domain::BotStatus> bot_status_of(std::string_view word);

}  // namespace depot::adapters::pg
