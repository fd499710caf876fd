#include "ordering/internal/domain/order.hpp"

#include <utility>

namespace ordering::domain {
namespace {

struct Apply {
  Order& order;

  void operator()(const OrderCreated& e) const {
    order.status = OrderStatus::pending;
    order.user = e.user;
    order.payment = e.payment;
    order.items = e.items;
    order.total = e.total;
  }
  void operator()(const OrderApproved& e) const {
    order.status = OrderStatus::approved;
    order.shopping_list = e.shopping_list;
  }
  void operator()(const OrderRejected&) const { order.status = OrderStatus::rejected; }
  void operator()(const OrderCanceled&) const { order.status = OrderStatus::canceled; }
  void operator()(const OrderPickedEarly&) const { order.picked = true; }
  void operator()(const OrderListCanceledEarly&) const { order.list_canceled = true; }
  void operator()(const OrderReadied&) const {
    order.status = OrderStatus::ready;
    order.picked = true;
  }
  void operator()(const OrderCompleted&) const { order.status = OrderStatus::completed; }
};

std::string_view name_of(OrderStatus status) {
  switch (status) {
    case OrderStatus::none: return "not there";
    case OrderStatus::pending: return "pending";
    case OrderStatus::approved: return "approved";
    case OrderStatus::ready: return "ready";
    case OrderStatus::completed: return "completed";
    case OrderStatus::rejected: return "rejected";
    case OrderStatus::canceled: return "canceled";
  }
  std::unreachable();
}

std::unexpected<Refusal> refuse(OrderRejection reason, std::string detail) { return std::unexpected(Refusal{reason, std::move(detail)}); }

std::unexpected<Refusal> refuse_in_state(OrderRejection reason, OrderStatus status) {
  return refuse(reason, status == OrderStatus::none ? "There is no such order." : "The order is " + std::string(name_of(status)) + ".");
}

std::unexpected<Refusal> no_such_order() { return refuse_in_state(OrderRejection::no_such_order, OrderStatus::none); }

Decision nothing() { return std::vector<OrderEvent>{}; }

}  // namespace

Order apply(Order order, const OrderEvent& event) {
  std::visit(Apply{order}, event);
  return order;
}

std::expected<void, Refusal> may_see(OrderStatus status, const UserId& user, const Actor& actor) {
  if (status == OrderStatus::none) return no_such_order();
  if (user != actor.user && !actor.is_operator) return refuse(OrderRejection::not_your_order, "This order is somebody else's.");
  return {};
}

Decision create(const Order& order, const OrderCreated& what) {
  if (order.status != OrderStatus::none) return nothing();
  if (what.items.empty()) return refuse(OrderRejection::order_empty, "An order has at least one item.");
  return std::vector<OrderEvent>{what};
}

Decision approve(const Order& order, const ShoppingListId& shopping_list, pkg::clock::TimePoint now) {
  switch (order.status) {
    case OrderStatus::none: return no_such_order();
    case OrderStatus::pending: break;
    case OrderStatus::approved:
    case OrderStatus::ready:
    case OrderStatus::completed: return nothing();
    case OrderStatus::rejected:
    case OrderStatus::canceled: return refuse_in_state(OrderRejection::order_not_pending, order.status);
  }
  std::vector<OrderEvent> events{OrderApproved{shopping_list, now}};
  if (order.list_canceled) {
    events.emplace_back(OrderCanceled{now});
  } else if (order.picked) {
    events.emplace_back(OrderReadied{now});
  }
  return events;
}

Decision reject(const Order& order, const std::string& code, const std::string& reason, pkg::clock::TimePoint now) {
  switch (order.status) {
    case OrderStatus::none: return no_such_order();
    case OrderStatus::pending: return std::vector<OrderEvent>{OrderRejected{code, reason, now}};
    case OrderStatus::rejected:
    case OrderStatus::canceled: return nothing();
    case OrderStatus::approved:
    case OrderStatus::ready:
    case OrderStatus::completed: return refuse_in_state(OrderRejection::order_not_pending, order.status);
  }
  std::unreachable();
}

Decision cancel(const Order& order, const Actor& actor, pkg::clock::TimePoint now) {
  if (auto visible = may_see(order.status, order.user, actor); !visible) return std::unexpected(visible.error());
  switch (order.status) {
    case OrderStatus::pending:
    case OrderStatus::approved: return std::vector<OrderEvent>{OrderCanceled{now}};
    case OrderStatus::canceled: return nothing();
    case OrderStatus::none:
    case OrderStatus::ready:
    case OrderStatus::completed:
    case OrderStatus::rejected: return refuse_in_state(OrderRejection::order_not_cancelable, order.status);
  }
  std::unreachable();
}

Decision ready(const Order& order, pkg::clock::TimePoint now) {
  switch (order.status) {
    case OrderStatus::none: return no_such_order();
    case OrderStatus::pending:
      if (order.picked) return nothing();
      return std::vector<OrderEvent>{OrderPickedEarly{now}};
    case OrderStatus::approved: return std::vector<OrderEvent>{OrderReadied{now}};
    case OrderStatus::ready:
    case OrderStatus::completed:
    case OrderStatus::rejected:
    case OrderStatus::canceled: return nothing();
  }
  std::unreachable();
}

Decision cancel_unpicked(const Order& order, pkg::clock::TimePoint now) {
  switch (order.status) {
    case OrderStatus::none: return no_such_order();
    case OrderStatus::pending:
      if (order.list_canceled) return nothing();
      return std::vector<OrderEvent>{OrderListCanceledEarly{now}};
    case OrderStatus::approved: return std::vector<OrderEvent>{OrderCanceled{now}};
    case OrderStatus::ready:
    case OrderStatus::completed:
    case OrderStatus::rejected:
    case OrderStatus::canceled: return nothing();
  }
  std::unreachable();
}

Decision cancel_unpaid(const Order& order, pkg::clock::TimePoint now) {
  switch (order.status) {
    case OrderStatus::none: return no_such_order();
    case OrderStatus::ready: return std::vector<OrderEvent>{OrderCanceled{now}};
    case OrderStatus::rejected:
    case OrderStatus::canceled: return nothing();
    case OrderStatus::pending:
    case OrderStatus::approved:
    case OrderStatus::completed: return refuse_in_state(OrderRejection::order_not_ready, order.status);
  }
  std::unreachable();
}

Decision complete(const Order& order, const InvoiceId& invoice, pkg::clock::TimePoint now) {
  switch (order.status) {
    case OrderStatus::none: return no_such_order();
    case OrderStatus::ready: return std::vector<OrderEvent>{OrderCompleted{invoice, now}};
    case OrderStatus::completed: return nothing();
    case OrderStatus::pending:
    case OrderStatus::approved:
    case OrderStatus::rejected:
    case OrderStatus::canceled: return refuse_in_state(OrderRejection::order_not_ready, order.status);
  }
  std::unreachable();
}

}  // namespace ordering::domain
