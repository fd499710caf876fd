#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

void stock_adds_up(const Books& books, Verdict& verdict) {
  for (const auto& [id, stock] : books.stock) {
    verdict.checked();
    const auto subject = named("product", id);
    if (!stock.on_hand || !stock.received) {  // unlimited: not counted
      if (stock.reserved != 0 || stock.on_hand || stock.received) verdict.wrong({subject, "no figures, as its stock is unlimited", "some"});
      continue;
    }
    const auto left = *stock.received - stock.in_committed;
    if (*stock.on_hand != left) {
      verdict.wrong({subject,
                     std::to_string(left) + " on hand: " + std::to_string(*stock.received) + " received, " +
                         std::to_string(stock.in_committed) + " left with completed orders",
                     std::to_string(*stock.on_hand) + " on hand"});
    }
    if (stock.reserved != stock.in_reservations) {
      verdict.wrong({subject, std::to_string(stock.in_reservations) + " reserved, the sum of its open reservations",
                     std::to_string(stock.reserved) + " reserved"});
    }
    if (stock.reserved < 0 || stock.reserved > *stock.on_hand) {
      verdict.wrong(
          {subject, "from 0 to the " + std::to_string(*stock.on_hand) + " on hand reserved", std::to_string(stock.reserved) + " reserved"});
    }
  }
}

/// What an order's reservation must be; empty: anything will do.
std::string expected_of(const Order& order) {
  if (order.status == "completed") return "committed";
  if (order.status == "approved" || order.status == "ready") return "reserved";
  return order.is_undone() ? "released" : "";
}

void reservation_ends_with_order(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    const auto expected = expected_of(order);
    const auto found = books.reservations.find(id);
    const auto status = found == books.reservations.end() ? std::string("none") : found->second.status;
    const auto subject = named("reservation of order", id);
    if (order.status == "pending" && status == "committed") {
      verdict.wrong({subject, "not committed, as the order is pending", status});
    } else if (!expected.empty() && status != expected && !(order.is_undone() && status == "none")) {
      verdict.late(order.changed_at, {subject, expected + ", as the order is " + order.status, status});
    }
    const bool has_lines = found != books.reservations.end() && (status != "released" || !found->second.pieces.empty());
    if (has_lines && order.pieces && found->second.pieces != *order.pieces)
      verdict.wrong({subject, *order.pieces + ", as ordered", found->second.pieces});
  }
  for (const auto& [id, reservation] : books.reservations) {
    if (!books.orders.contains(id)) verdict.wrong({named("reservation of order", id), "an order of that id", "none"});
  }
}

}  // namespace

std::vector<Rule> rules_of_stock() {
  return {
      {"stock-adds-up",
       "stock is what was received less what left and what is reserved, and never below zero",
       {Page::stock},
       stock_adds_up},
      {"reservation-ends-with-order",
       "a reservation is of what was ordered, stands while its order does, and ends as the order did",
       {Page::stock, Page::orders},
       reservation_ends_with_order},
  };
}

}  // namespace mallctl::audit
