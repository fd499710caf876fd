#pragma once
// What a store sells. How many pieces there are is not part of it: see stock.hpp.
//
//   (none) --add--> on sale --remove--> removed
//
// Invariants: it belongs to one store for ever; name and sku are not blank; the price is more than zero and stays in one currency;
// nothing changes after removal. No two products on sale in a store have the same sku: the catalog sees to that. Only the store's
// owner or an operator changes it.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/money/money.hpp"
#include "stores/internal/domain/ids.hpp"
#include "stores/internal/domain/product_events.hpp"
#include "stores/internal/domain/product_rejection.hpp"
#include "stores/internal/domain/store.hpp"

namespace stores::domain {

constexpr std::size_t max_description_bytes = 4000;
constexpr std::size_t max_sku_bytes = 64;

enum class ProductStatus : std::uint8_t { none, on_sale, removed };

struct Product {
  using Id = ProductId;
  using Event = ProductEvent;
  static constexpr std::string_view kind = "Product";

  ProductStatus status = ProductStatus::none;
  StoreId store;
  std::string name;
  std::string description;
  std::string sku;          ///< the store's own name for it
  pkg::money::Money price;  ///< of one piece

  friend bool operator==(const Product&, const Product&) = default;
};

/// The state after one more event; accepts any event in any state.
Product apply(Product product, const ProductEvent& event);

struct NewProduct {
  std::string name;
  std::string description;
  std::string sku;
  pkg::money::Money price;
  std::optional<std::int64_t> stock;  ///< pieces; nothing: unlimited
};

/// The rejection of an sku that another product of the store has.
ProductRejected sku_taken();
/// The rejection of a product that is not there.
ProductRejected no_such_product();

using ProductDecision = std::expected<std::vector<ProductEvent>, ProductRejected>;

// Decisions: pure. `store` is the store that the product belongs to. The events that follow from a command, or why it is refused; no
// events means that there is nothing to do.

/// May reject with no_such_product, not_your_store, product_removed: what every change of a product's begins with.
std::expected<void, ProductRejected> may_change(const Product& product, const Store& store, const Actor& actor);

/// May reject with no_such_store, not_your_store, product_name_blank, product_name_too_long, product_description_too_long, sku_blank,
/// sku_too_long, price_not_positive, stock_negative.
ProductDecision add_product(const Product& product, const StoreId& store_id, const Store& store, const Actor& actor,
                            const NewProduct& what);
/// May reject like may_change, and with product_name_blank, product_name_too_long, product_description_too_long.
ProductDecision rebrand(const Product& product, const Store& store, const Actor& actor, const std::string& name,
                        const std::string& description);
/// May reject like may_change, and with price_not_positive, currency_mismatch, price_not_higher.
ProductDecision increase_price(const Product& product, const Store& store, const Actor& actor, const pkg::money::Money& price);
/// May reject like may_change, and with price_not_positive, currency_mismatch, price_not_lower.
ProductDecision decrease_price(const Product& product, const Store& store, const Actor& actor, const pkg::money::Money& price);
/// May reject like may_change: a second removal too is refused.
ProductDecision remove(const Product& product, const Store& store, const Actor& actor);

}  // namespace stores::domain
