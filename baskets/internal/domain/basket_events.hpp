#pragma once
// What can have happened to a basket. Stored names and layouts are pinned in adapters/pg/basket_codec.cpp.

#include <string>
#include <variant>

#include "baskets/internal/domain/ids.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/money/money.hpp"

namespace baskets::domain {

struct BasketStarted {
  UserId owner;
  pkg::clock::TimePoint at;
  friend bool operator==(const BasketStarted&, const BasketStarted&) = default;
};

/// The price is that of the whole line from now on: pieces that were in it before get it too.
struct ItemAdded {
  ProductId product;
  StoreId store;
  std::string product_name;
  std::string store_name;
  pkg::money::Money price;
  int quantity = 0;
  pkg::clock::TimePoint at;
  friend bool operator==(const ItemAdded&, const ItemAdded&) = default;
};

struct ItemRemoved {
  ProductId product;
  int quantity = 0;
  pkg::clock::TimePoint at;
  friend bool operator==(const ItemRemoved&, const ItemRemoved&) = default;
};

struct ItemRepriced {
  ProductId product;
  pkg::money::Money price;
  pkg::clock::TimePoint at;
  friend bool operator==(const ItemRepriced&, const ItemRepriced&) = default;
};

struct BasketCheckedOut {
  PaymentId payment;
  pkg::clock::TimePoint at;
  friend bool operator==(const BasketCheckedOut&, const BasketCheckedOut&) = default;
};

struct BasketCanceled {
  pkg::clock::TimePoint at;
  friend bool operator==(const BasketCanceled&, const BasketCanceled&) = default;
};

/// Nobody touched the open basket for too long.
struct BasketExpired {
  pkg::clock::TimePoint at;
  friend bool operator==(const BasketExpired&, const BasketExpired&) = default;
};

using BasketEvent = std::variant<BasketStarted, ItemAdded, ItemRemoved, ItemRepriced, BasketCheckedOut, BasketCanceled, BasketExpired>;

}  // namespace baskets::domain
