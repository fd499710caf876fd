#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace baskets::domain {

/// Why a basket says no, the first that applies. The word is the `code` that callers see.
enum class BasketRejection : std::uint8_t {
  no_such_basket,           ///< it was never started
  not_your_basket,          ///< only its owner touches a basket
  basket_not_open,          ///< it is checked out or canceled
  quantity_out_of_range,    ///< a line holds 1 to 999 pieces, and at most what is in it can be taken out
  product_not_sold,         ///< no such product, or not any more
  store_not_participating,  ///< its store does not take part in the mall
  item_not_in_basket,       ///< nothing of this product to take out
  currency_mismatch,        ///< a basket has one currency
  total_too_large,          ///< the sum does not fit 64 bits
  basket_empty,             ///< there is nothing to check out
  payment_required,         ///< a checkout names the payment that pays for it
  price_changed,            ///< the prices are not those that were captured; reprice to accept the new ones
};

/// A rejection with what a person needs to know of it.
struct BasketRejected {
  BasketRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const BasketRejected& rejected);

}  // namespace baskets::domain
