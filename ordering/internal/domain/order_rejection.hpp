#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace ordering::domain {

/// Why an order says no, the first that applies. The word is the `code` that callers see.
enum class OrderRejection : std::uint8_t {
  no_such_order,           ///< nothing was ordered under this id
  not_your_order,          ///< only the shopper who ordered, or an operator
  order_empty,             ///< an order has at least one item
  order_not_pending,       ///< only a pending order is approved or rejected
  order_not_cancelable,    ///< only a pending or approved order is canceled by people
  order_not_ready,         ///< only a ready order is completed, or canceled with its invoice
};

/// A rejection with what a person needs to know of it. (An order that was rejected is another thing: OrderRejected.)
struct Refusal {
  OrderRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const Refusal& rejected);

}  // namespace ordering::domain
