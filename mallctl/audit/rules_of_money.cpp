#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

std::string belongs_to(const Payment& payment) {
  return payment.status + (payment.order ? " for " + named("order", *payment.order) : ", for no order");
}

void payment_has_one_order(const Books& books, Verdict& verdict) {
  std::map<Uuid, Uuid> payment_of;
  for (const auto& [id, payment] : books.payments) {
    verdict.checked();
    if (!payment.is_used()) continue;
    if (!payment.order || !books.orders.contains(*payment.order)) {
      verdict.wrong({named("payment", id), "an order that it is " + payment.status + " for", payment.order ? "none of that id" : "none"});
      continue;
    }
    const auto [first, is_first] = payment_of.emplace(*payment.order, id);
    if (!is_first)
      verdict.wrong(
          {named("payment", id), "one payment for " + named("order", *payment.order), "this one and " + named("payment", first->second)});
    const auto& order = books.orders.at(*payment.order);
    if (is_first && order.payment != id)
      verdict.wrong(
          {named("payment", id), named("payment", order.payment) + " for " + named("order", *payment.order), "this one is used for it"});
  }
}

void order_has_payment(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    if (order.status == "pending") continue;
    verdict.checked();
    const auto found = books.payments.find(order.payment);
    const bool is_used = found != books.payments.end() && found->second.is_used() && found->second.order == id;
    const auto there = found == books.payments.end() ? std::string("no such payment") : belongs_to(found->second);
    if (order.is_undone() && is_used) {
      verdict.late(order.changed_at,
                   {named("payment", order.payment), "not held for " + named("order", id) + ", which is " + order.status, there});
    } else if (!order.is_undone() && !is_used) {
      verdict.late(order.changed_at,
                   {named("payment", order.payment), "held for " + named("order", id) + ", which is " + order.status, there});
    }
  }
}

void captured_once(const Books& books, Verdict& verdict) {
  for (const auto& [id, payment] : books.payments) {
    if (!payment.order || !payment.is_used()) continue;
    const auto order = books.orders.find(*payment.order);
    if (order == books.orders.end()) continue;  // payment-has-one-order tells
    verdict.checked();
    const auto& status = order->second.status;
    const auto which = named("order", *payment.order) + ", which is " + status;
    if (status == "completed" && payment.status != "captured") {
      verdict.late(order->second.changed_at, {named("payment", id), "captured for " + which, payment.status});
    } else if (status != "completed" && payment.status == "captured") {
      verdict.differs({named("payment", id), "not captured for " + which, "captured"});
    } else if (payment.status == "capturing") {
      verdict.differs({named("payment", id), "the gateway's answer by now", "capturing"});
    }
  }
}

void invoice_matches(const Uuid& id, const Invoice& invoice, const Order& order, Verdict& verdict) {
  if (invoice.payment != order.payment || invoice.user != order.user) {
    verdict.wrong({named("invoice", id), "that of the shopper and payment of " + named("order", invoice.order),
                   named("user", invoice.user) + ", " + named("payment", invoice.payment)});
  }
  if (order.is_undone() && invoice.status != "canceled") {
    verdict.late(order.changed_at,
                 {named("invoice", id), "canceled, as " + named("order", invoice.order) + " is " + order.status, invoice.status});
  } else if (order.status == "completed" && invoice.status != "paid") {
    verdict.late(order.changed_at, {named("invoice", id), "paid, as " + named("order", invoice.order) + " is completed", invoice.status});
  } else if (order.status == "ready" && (invoice.status == "paid" || invoice.status == "canceled")) {
    verdict.differs({named("invoice", id), "pending, as " + named("order", invoice.order) + " is ready", invoice.status});
  } else if (order.status == "pending" || order.status == "approved") {
    verdict.wrong({named("invoice", id), "none, as " + named("order", invoice.order) + " is " + order.status, invoice.status});
  } else if (order.status == "completed" && order.invoice != id) {
    verdict.wrong({named("invoice", id), "the one that " + named("order", invoice.order) + " was completed by",
                   order.invoice ? named("invoice", *order.invoice) + " is" : "none is"});
  }
}

void order_has_invoice(const Books& books, Verdict& verdict) {
  std::set<Uuid> invoiced;
  for (const auto& [id, invoice] : books.invoices) {
    verdict.checked();
    invoiced.insert(invoice.order);
    const auto order = books.orders.find(invoice.order);
    if (order == books.orders.end()) {
      verdict.wrong({named("invoice", id), "an order that it is for", "none of the id " + invoice.order.to_string()});
    } else {
      invoice_matches(id, invoice, order->second, verdict);
    }
  }
  for (const auto& [id, order] : books.orders) {
    if ((order.status == "ready" || order.status == "completed") && !invoiced.contains(id))
      verdict.late(order.changed_at, {named("order", id), "an invoice, as it is " + order.status, "none"});
  }
}

/// An invoice that was never adjusted has had one change for each of its steps, so its version tells.
bool was_adjusted(const Invoice& invoice) {
  const std::int64_t steps = invoice.status == "paid" ? 3 : invoice.status == "paying" || invoice.status == "canceled" ? 2 : 1;
  return invoice.version > steps;
}

void invoice_adds_up(const Books& books, Verdict& verdict) {
  for (const auto& [id, invoice] : books.invoices) {
    verdict.checked();
    const auto subject = named("invoice", id);
    const auto amount = money(invoice.amount_minor, invoice.currency);
    if (const auto order = books.orders.find(invoice.order); order != books.orders.end() && !was_adjusted(invoice)) {
      const auto total = money(order->second.total_minor, order->second.currency);
      if (amount != total) verdict.wrong({subject, total + ", the total of " + named("order", invoice.order), amount});
    }
    const auto paid_with = books.payments.find(invoice.payment);
    if (paid_with == books.payments.end()) continue;
    const auto& payment = paid_with->second;
    if (invoice.currency != payment.currency || invoice.amount_minor > payment.amount_minor) {
      verdict.wrong({subject,
                     "at most " + money(payment.amount_minor, payment.currency) + ", which " + named("payment", invoice.payment) + " holds",
                     amount});
    }
    if (payment.status == "captured" && payment.order == invoice.order && payment.capture_minor != invoice.amount_minor) {
      verdict.wrong({subject, money(payment.capture_minor.value_or(0), payment.currency) + ", which was captured", amount});
    }
  }
}

}  // namespace

std::vector<Rule> rules_of_money() {
  return {
      {"payment-has-one-order",
       "a payment is used for one order, and is that order's only one",
       {Page::payments, Page::orders},
       payment_has_one_order},
      {"order-has-payment",
       "money is held or taken for orders that were approved, and for none that was rejected or canceled",
       {Page::payments, Page::orders},
       order_has_payment},
      {"captured-once", "money is taken for completed orders, and for no others", {Page::payments, Page::orders}, captured_once},
      {"order-has-invoice",
       "an order has an invoice from when it is ready, and they agree",
       {Page::payments, Page::orders},
       order_has_invoice},
      {"invoice-adds-up",
       "an invoice is over its order's total unless it was adjusted, within what is held, and as captured",
       {Page::payments, Page::orders},
       invoice_adds_up},
  };
}

}  // namespace mallctl::audit
