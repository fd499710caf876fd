#pragma once
// What the create-order saga knows: what was ordered, and what its participants have answered so far.

#include <optional>
#include <string>
#include <vector>

#include "pkg/ids/id.hpp"
#include "pkg/money/money.hpp"

namespace cosec::domain {

using OrderId = pkg::ids::Id<struct OrderIdTag>;  ///< the saga's id too
using UserId = pkg::ids::Id<struct UserIdTag>;
using StoreId = pkg::ids::Id<struct StoreIdTag>;
using ProductId = pkg::ids::Id<struct ProductIdTag>;
using PaymentId = pkg::ids::Id<struct PaymentIdTag>;
using ShoppingListId = pkg::ids::Id<struct ShoppingListIdTag>;

struct OrderItem {
  ProductId product;
  StoreId store;
  std::string product_name;
  std::string store_name;
  int quantity = 0;
  friend bool operator==(const OrderItem&, const OrderItem&) = default;
};

struct CreateOrder {
  OrderId order;
  UserId user;
  PaymentId payment;
  std::vector<OrderItem> items;
  pkg::money::Money total;
  std::optional<ShoppingListId> shopping_list;  ///< once depot has made it
  friend bool operator==(const CreateOrder&, const CreateOrder&) = default;
};

}  // namespace cosec::domain
