#pragma once
// What can have happened to a product. Stored names and layouts are pinned in adapters/pg/product_codec.cpp.

#include <string>
#include <variant>

#include "pkg/money/money.hpp"
#include "stores/internal/domain/ids.hpp"

namespace stores::domain {

struct ProductAdded {
  StoreId store;
  std::string name;
  std::string description;
  std::string sku;
  pkg::money::Money price;
  friend bool operator==(const ProductAdded&, const ProductAdded&) = default;
};
struct ProductRebranded {
  std::string name;
  std::string description;
  friend bool operator==(const ProductRebranded&, const ProductRebranded&) = default;
};
/// Prices are absolute, so that whoever follows them needs no earlier one.
struct ProductPriceIncreased {
  pkg::money::Money price;
  friend bool operator==(const ProductPriceIncreased&, const ProductPriceIncreased&) = default;
};
struct ProductPriceDecreased {
  pkg::money::Money price;
  friend bool operator==(const ProductPriceDecreased&, const ProductPriceDecreased&) = default;
};
struct ProductRemoved {
  friend bool operator==(const ProductRemoved&, const ProductRemoved&) = default;
};

using ProductEvent = std::variant<ProductAdded, ProductRebranded, ProductPriceIncreased, ProductPriceDecreased, ProductRemoved>;

}  // namespace stores::domain
