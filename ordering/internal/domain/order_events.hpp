#pragma once
// What can have happened to an order. Stored names and layouts are pinned in adapters/pg/order_codec.cpp.

#include <string>
#include <variant>
#include <vector>

#include "ordering/internal/domain/ids.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/money/money.hpp"

namespace ordering::domain {

struct OrderItem {
  ProductId product;
  StoreId store;
  std::string product_name;
  std::string store_name;
  pkg::money::Money price;  ///< of one piece
  int quantity = 0;
  friend bool operator==(const OrderItem&, const OrderItem&) = default;
};

struct OrderCreated {
  UserId user;
  PaymentId payment;
  std::vector<OrderItem> items;
  pkg::money::Money total;
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderCreated&, const OrderCreated&) = default;
};

struct OrderApproved {
  ShoppingListId shopping_list;
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderApproved&, const OrderApproved&) = default;
};

struct OrderRejected {
  std::string code;
  std::string reason;
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderRejected&, const OrderRejected&) = default;
};

struct OrderCanceled {
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderCanceled&, const OrderCanceled&) = default;
};

/// All goods are picked while the approval was still on its way; the order is ready as soon as it is approved.
struct OrderPickedEarly {
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderPickedEarly&, const OrderPickedEarly&) = default;
};

/// The shopping list is canceled while the order is pending: by the saga, which then rejects the order, or by hand, and the order is
/// canceled as soon as it is approved.
struct OrderListCanceledEarly {
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderListCanceledEarly&, const OrderListCanceledEarly&) = default;
};

struct OrderReadied {
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderReadied&, const OrderReadied&) = default;
};

struct OrderCompleted {
  InvoiceId invoice;
  pkg::clock::TimePoint at;
  friend bool operator==(const OrderCompleted&, const OrderCompleted&) = default;
};

using OrderEvent = std::variant<OrderCreated, OrderApproved, OrderRejected, OrderCanceled, OrderPickedEarly, OrderListCanceledEarly,
                                OrderReadied, OrderCompleted>;

}  // namespace ordering::domain
