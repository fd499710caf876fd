#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace stores::domain {

/// Why the stock says no, the first that applies. The word is the `code` that callers see.
enum class StockRejection : std::uint8_t {
  not_reserved,           ///< nothing was reserved for the order yet; told as a failure that passes
  reservation_ended,      ///< it was released or committed before, and ends once
  reservation_empty,      ///< a reservation has at least one item
  quantity_out_of_range,  ///< a quantity is at least 1, and the sum of a product's fits 64 bits
  no_such_product,        ///< no store has it
  product_removed,        ///< it is not sold any more
  out_of_stock,           ///< fewer pieces can be ordered than are wanted
  stock_unlimited,        ///< there is nothing to count
  stock_too_large,        ///< the sum does not fit 64 bits
};

/// A rejection with what a person needs to know of it.
struct StockRejected {
  StockRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const StockRejected& rejected);

}  // namespace stores::domain
