#include "search/internal/domain/order_status.hpp"

#include <utility>

namespace search::domain {

std::string_view to_word(OrderStatus status) {
  switch (status) {
    case OrderStatus::pending: return "PENDING";
    case OrderStatus::approved: return "APPROVED";
    case OrderStatus::ready: return "READY";
    case OrderStatus::completed: return "COMPLETED";
    case OrderStatus::rejected: return "REJECTED";
    case OrderStatus::canceled: return "CANCELED";
  }
  std::unreachable();
}

std::optional<OrderStatus> status_of(std::string_view word) {
  for (const auto status : {OrderStatus::pending, OrderStatus::approved, OrderStatus::ready, OrderStatus::completed, OrderStatus::rejected,
                            OrderStatus::canceled}) {
    if (to_word(status) == word) return status;
  }
  return std::nullopt;
}

}  // namespace search::domain
