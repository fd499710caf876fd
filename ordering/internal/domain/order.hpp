#pragma once
// An order: what becomes of a checked-out basket.
//
//   (none) --create--> pending --approve--> approved --ready--> ready --complete--> completed
//                        | \                   |                    |
//                        |  `--reject--> rejected                   |
//                        `--cancel-------------'--> canceled <--cancel_unpaid
//                         (and cancel_unpicked)
//
// Invariants: an order has at least one item and a total; what was ordered never changes; a final state (completed, rejected,
// canceled) is never left. Messages arrive more than once: a command that finds its work done does nothing.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ordering/internal/domain/ids.hpp"
#include "ordering/internal/domain/order_events.hpp"
#include "ordering/internal/domain/order_rejection.hpp"

namespace ordering::domain {

enum class OrderStatus : std::uint8_t { none, pending, approved, ready, completed, rejected, canceled };

struct Order {
  using Id = OrderId;
  using Event = OrderEvent;
  static constexpr std::string_view kind = "Order";

  OrderStatus status = OrderStatus::none;
  UserId user;
  PaymentId payment;
  std::vector<OrderItem> items;
  pkg::money::Money total;
  std::optional<ShoppingListId> shopping_list;
  bool picked = false;         ///< all goods are picked
  bool list_canceled = false;  ///< nobody will ever pick them

  friend bool operator==(const Order&, const Order&) = default;
};

/// The state after one more event; accepts any event in any state.
Order apply(Order order, const OrderEvent& event);

/// Who asks for something over the API.
struct Actor {
  UserId user;
  bool is_operator = false;
};

using Decision = std::expected<std::vector<OrderEvent>, Refusal>;

/// Whether somebody may see an order of that status and user. May refuse with no_such_order, not_your_order.
std::expected<void, Refusal> may_see(OrderStatus status, const UserId& user, const Actor& actor);

// Decisions: pure. The events that follow from a command, or why it is refused; no events means that there is nothing to do.

/// May refuse with order_empty. Creating an order that exists does nothing: a basket is checked out once.
Decision create(const Order& order, const OrderCreated& what);
/// Gives OrderReadied as well where the goods were picked before, or OrderCanceled where the list was canceled before. May refuse with
/// no_such_order, order_not_pending.
Decision approve(const Order& order, const ShoppingListId& shopping_list, pkg::clock::TimePoint now);
/// A canceled order needs no rejection any more. May refuse with no_such_order, order_not_pending.
Decision reject(const Order& order, const std::string& code, const std::string& reason, pkg::clock::TimePoint now);
/// May refuse with no_such_order, not_your_order, order_not_cancelable.
Decision cancel(const Order& order, const Actor& actor, pkg::clock::TimePoint now);
/// The goods are picked. Of a canceled or rejected order nobody wants to know. May refuse with no_such_order.
Decision ready(const Order& order, pkg::clock::TimePoint now);
/// The shopping list was canceled, so an approved order is canceled: nobody will ever pick it. For a pending one it is remembered, because
/// what the saga does next decides: it rejects the order where it canceled the list itself. A list that was picked is never canceled, so
/// an order that is further has nothing to fear. May refuse with no_such_order.
Decision cancel_unpicked(const Order& order, pkg::clock::TimePoint now);
/// The invoice was canceled and the money given back, so a ready order is canceled: nobody will ever pay it. May refuse with
/// no_such_order, order_not_ready.
Decision cancel_unpaid(const Order& order, pkg::clock::TimePoint now);
/// The invoice is paid. May refuse with no_such_order, order_not_ready.
Decision complete(const Order& order, const InvoiceId& invoice, pkg::clock::TimePoint now);

}  // namespace ordering::domain
