#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace stores::domain {

/// Why a product says no, the first that applies. The word is the `code` that callers see.
enum class ProductRejection : std::uint8_t {
  no_such_store,                 ///< a product is added to a store that exists
  no_such_product,               ///< it was never added
  not_your_store,                ///< only its store's owner or an operator changes it
  product_removed,               ///< nothing changes after removal
  product_name_blank,            ///< a name is more than white space
  product_name_too_long,         ///< a name has at most 200 bytes
  product_description_too_long,  ///< a description has at most 4000 bytes
  sku_blank,                     ///< an sku is more than white space
  sku_too_long,                  ///< an sku has at most 64 bytes
  price_not_positive,            ///< a price is more than zero
  stock_negative,                ///< a counted stock begins with zero or more pieces
  currency_mismatch,             ///< a product keeps the currency it was added with
  price_not_higher,              ///< an increase is to more than the present price
  price_not_lower,               ///< a decrease is to less than the present price
  sku_taken,                     ///< another product of the store has this sku
};

/// A rejection with what a person needs to know of it.
struct ProductRejected {
  ProductRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const ProductRejected& rejected);

}  // namespace stores::domain
