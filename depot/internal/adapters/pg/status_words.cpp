#include "depot/internal/adapters/pg/status_words.hpp"

#include <utility>

namespace depot::adapters::pg {

using domain::BotStatus;
using domain::ShoppingListStatus;

std::string_view to_word(ShoppingListStatus status) {
  switch (status) {
    case ShoppingListStatus::none: return "none";
    case ShoppingListStatus::pending: return "pending";
    case ShoppingListStatus::available: return "available";
    case ShoppingListStatus::assigned: return "assigned";
    case ShoppingListStatus::completed: return "completed";
    case ShoppingListStatus::canceled: return "canceled";
  }
  std::unreachable();
}

std::string_view to_word(BotStatus status) {
  switch (status) {
    case BotStatus::none: return "none";
    case BotStatus::idle: return "idle";
    case BotStatus::active: return "active";
  }
  std::unreachable();
}

pkg::errors::Result<ShoppingListStatus> list_status_of(std::string_view word) {
  for (const auto status : {ShoppingListStatus::none, ShoppingListStatus::pending, ShoppingListStatus::available,
                            ShoppingListStatus::assigned, ShoppingListStatus::completed, ShoppingListStatus::canceled}) {
    if (to_word(status) == word) return status;
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored shopping list's status cannot be read.");
}

pkg::errors::Result<BotStatus> bot_status_of(std::string_view word) {
  for (const auto status : {BotStatus::none, BotStatus::idle, BotStatus::active}) {
    if (to_word(status) == word) return status;
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored bot's status cannot be read.");
}

}  // namespace depot::adapters::pg
