// Those who follow the orders' events: search and notifications.

#include <algorithm>

#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

void search_knows_orders(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    const auto subject = named("order", id) + " in search";
    const auto found = books.search.find(id);
    if (found == books.search.end() || !found->second.has_contents) {
      verdict.late(order.created_at, {subject, "its contents", found == books.search.end() ? "nothing" : "a status only"});
      continue;
    }
    const auto& seen = found->second;
    if (seen.status != order.status) verdict.late(order.changed_at, {subject, order.status, seen.status});
    const auto total = money(order.total_minor, order.currency), seen_total = money(seen.total_minor, seen.currency);
    if (seen_total != total) verdict.wrong({subject, "a total of " + total, seen_total});
    if (order.items && seen.items != *order.items) verdict.wrong({subject, "items " + *order.items, seen.items});
    if (seen.user != order.user) verdict.wrong({subject, named("user", order.user), seen.user ? named("user", *seen.user) : "nobody"});
  }
  for (const auto& [id, seen] : books.search) {
    if (!books.orders.contains(id)) verdict.wrong({named("order", id) + " in search", "an order of that id", "none"});
  }
}

/// What a shopper is told of, and since when it is true.
std::map<std::string, TimePoint> news_of(const Order& order, const Invoice* invoice) {
  std::map<std::string, TimePoint> news;
  for (const auto& step : order.history) {
    if (step.status != "pending" && step.status != "ready") news["order_" + step.status] = step.at;
  }
  if (invoice != nullptr) news["order_ready"] = invoice->created_at;  // it is the invoice that is told
  return news;
}

void told_once(const Books& books, Verdict& verdict) {
  std::map<Uuid, std::map<std::string, const Notification*>> told;
  for (const auto& one : books.notifications) {
    const auto which = named("order", *one.order) + ", " + one.kind;
    const auto order = books.orders.find(*one.order);
    if (order == books.orders.end()) {
      verdict.wrong({which, "no message, as there is no such order", "a message"});
      continue;
    }
    const bool is_first = told[*one.order].emplace(one.kind, &one).second;
    if (!is_first || one.count > 1) verdict.wrong({which, "one message", "more than one"});
    if (one.user != order->second.user)
      verdict.wrong({which, "a message to " + named("user", order->second.user), "one to " + named("user", one.user)});
  }
  std::map<Uuid, const Invoice*> invoices;
  for (const auto& [id, invoice] : books.invoices) invoices[invoice.order] = &invoice;
  for (const auto& [id, order] : books.orders) {
    const auto invoice = invoices.find(id);
    const auto news = news_of(order, invoice == invoices.end() ? nullptr : invoice->second);
    verdict.checked(news.size());
    for (const auto& [kind, since] : news) {
      if (!told[id].contains(kind)) verdict.late(since, {named("order", id) + ", " + kind, "a message to its shopper", "none"});
    }
    for (const auto& [kind, one] : told[id]) {
      if (!news.contains(kind))
        verdict.wrong({named("order", id) + ", " + kind, "no message, as the order is " + order.status, "a message"});
    }
  }
}

}  // namespace

std::vector<Rule> rules_of_readers() {
  return {
      {"search-knows-orders",
       "search shows each order as ordering does: its status, total, items and shopper",
       {Page::search, Page::orders},
       search_knows_orders},
      {"told-once",
       "the shopper has one message of each thing that happened to an order, and none of what did not",
       {Page::notifications, Page::payments, Page::orders},
       told_once},
  };
}

}  // namespace mallctl::audit
