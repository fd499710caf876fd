#include "ordering/internal/adapters/pg/status_words.hpp"

#include <utility>

namespace ordering::adapters::pg {

using domain::OrderStatus;

std::string_view to_word(OrderStatus status) {
  switch (status) {
    case OrderStatus::none: return "none";
    case OrderStatus::pending: return "pending";
    case OrderStatus::approved: return "approved";
    case OrderStatus::ready: return "ready";
    case OrderStatus::completed: return "completed";
    case OrderStatus::rejected: return "rejected";
    case OrderStatus::canceled: return "canceled";
  }
  std::unreachable();
}

pkg::errors::Result<OrderStatus> from_word(std::string_view word) {
  for (const auto status : {OrderStatus::none, OrderStatus::pending, OrderStatus::approved, OrderStatus::ready, OrderStatus::completed,
                            OrderStatus::rejected, OrderStatus::canceled}) {
    if (to_word(status) == word) return status;
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored order's status cannot be read.");
}

}  // namespace ordering::adapters::pg
