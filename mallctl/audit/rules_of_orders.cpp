#include <set>

#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

using baskets::agent::CheckedOutBasket;

void compare(const CheckedOutBasket& basket, const Order& order, Verdict& verdict) {
  const auto same = [&](const std::string& what, const std::string& in_basket, const std::string& in_order) {
    if (in_basket != in_order)
      verdict.wrong({named("order", basket.id), what + " " + in_basket + ", as in its basket", what + " " + in_order});
  };
  same("user", basket.user.to_string(), order.user.to_string());
  same("payment", basket.payment.to_string(), order.payment.to_string());
  same("total", money(basket.total_minor, basket.currency), money(order.total_minor, order.currency));
  if (order.items) same("items", basket.items, *order.items);
}

void basket_has_order(const Books& books, Verdict& verdict) {
  for (const auto& basket : books.baskets) {
    verdict.checked();
    const auto order = books.orders.find(basket.id);
    if (order == books.orders.end()) {
      verdict.late(basket.at, {named("basket", basket.id), "an order of the same id, for it is checked out", "none"});
    } else {
      compare(basket, order->second, verdict);
    }
  }
}

void order_has_basket(const Books& books, Verdict& verdict) {
  std::set<Uuid> baskets;
  for (const auto& basket : books.baskets) baskets.insert(basket.id);
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    if (!baskets.contains(id)) verdict.wrong({named("order", id), "a checked-out basket of the same id", "none"});
  }
}

void order_has_user(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    if (!books.users.contains(order.user)) verdict.wrong({named("order", id), "a shopper with an account", named("user", order.user)});
  }
}

/// An approved order waits for a bot and a ready one for its shopper, as long as that takes. A pending one waits for machines only.
void order_in_time(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    if (order.is_final()) continue;
    if (verdict.limits().settled) {
      verdict.wrong({named("order", id), "completed, rejected or canceled", order.status});
    } else if (order.status == "pending") {
      verdict.late(order.changed_at, {named("order", id), "approved or rejected by now", "pending"});
    } else {
      verdict.under_way();
    }
  }
}

bool may_follow(std::string_view before, std::string_view after) {
  if (before == "pending") return after == "approved" || after == "rejected" || after == "canceled";
  if (before == "approved") return after == "ready" || after == "canceled";
  if (before == "ready") return after == "completed" || after == "canceled";
  return false;
}

void order_ends_once(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    std::string way;
    bool sound = !order.history.empty() && order.history.front().status == "pending" && order.history.back().status == order.status;
    for (std::size_t i = 0; i < order.history.size(); ++i) {
      way += (i == 0 ? "" : ", ") + order.history[i].status;
      if (i > 0) sound = sound && may_follow(order.history[i - 1].status, order.history[i].status);
    }
    if (!sound) verdict.wrong({named("order", id), "a way from pending to one end, which is where it is: " + order.status, way});
  }
}

}  // namespace

std::vector<Rule> rules_of_orders() {
  return {
      {"basket-has-order",
       "each checked-out basket has its order, with the same shopper, payment, items and total",
       {Page::orders, Page::baskets},
       basket_has_order},
      {"order-has-basket", "each order comes from a checked-out basket", {Page::orders, Page::baskets}, order_has_basket},
      {"order-has-user", "each order is that of somebody with an account", {Page::orders, Page::users}, order_has_user},
      {"order-in-time", "each order is at its end, or on its way within its time", {Page::orders}, order_in_time},
      {"order-ends-once", "each order went from pending to one end by steps that follow one another", {Page::orders}, order_ends_once},
  };
}

}  // namespace mallctl::audit
