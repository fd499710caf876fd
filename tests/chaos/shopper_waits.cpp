// The second half of a shopper's way: what happens after the checkout, which is waited for.

#include "payments/paymentspb/api.pb.h"
#include "tests/chaos/shopper.hpp"

namespace mall::chaos {

using namespace std::chrono_literals;
using mallbots::payments::v1::Invoice;

namespace {

using Order = mallbots::ordering::v1::Order;

Millis to_millis(const google::protobuf::Timestamp& time) { return time.seconds() * 1000 + time.nanos() / 1'000'000; }

bool is_final(Order::Status status) { return status == Order::COMPLETED || status == Order::REJECTED || status == Order::CANCELED; }

/// When ordering decided; 0 where it has not.
Millis decided_at(const Order& order) {
  for (const auto& entry : order.history()) {
    if (entry.status() == Order::APPROVED || is_final(entry.status())) return to_millis(entry.at());
  }
  return 0;
}

}  // namespace

std::optional<Order> Shopper::await(const std::string& order, Millis limit, const std::string& what,
                                    const std::function<bool(const Order&)>& fits) {
  const auto since = now();
  auto pause = 15ms;
  std::string last;
  while (true) {
    const auto reply = self_.get("ordering", "/orders/" + order);
    Order seen;
    if (reply.is_fine() && read(reply, seen, run_) && fits(seen)) return seen;
    if (reply.status != 0) last = std::to_string(reply.status) + " " + reply.body;
    if (run_.is_late(since, limit)) {
      find(std::to_string(limit / 1000) + " s without a fault, and it is not " + what + ": " + last);
      return std::nullopt;
    }
    run_.wait(pause);
    pause = std::min(pause * 3 / 2, 400ms);
  }
}

void Shopper::await_decision(const std::string& order) {
  const auto decided = await(order, Run::decision_limit, "decided", [](const Order& seen) { return decided_at(seen) != 0; });
  if (decided) log(line("seen", "decided").with("status", Order::Status_Name(decided->status())).with("decidedAt", decided_at(*decided)));
}

void Shopper::see_to_the_end(const std::string& order) {
  const auto picked = await(order, Run::settling_limit, "ready or at its end", [](const Order& seen) {
    return is_final(seen.status()) || (seen.status() == Order::READY && seen.has_invoice_id());
  });
  if (!picked) return;
  if (picked->status() == Order::READY) pay(order, picked->invoice_id());
  const auto ended = await(order, Run::settling_limit, "at its end", [](const Order& seen) { return is_final(seen.status()); });
  if (!ended) return;
  if (ended->status() == Order::COMPLETED) used_payment_ = ended->payment_id();
  auto end = line("end", Order::Status_Name(ended->status()));
  if (ended->has_rejection_code()) end.with("code", ended->rejection_code());
  log_.write(end);
}

void Shopper::pay(const std::string& order, const std::string& invoice) {
  const auto is_paid = [&]() -> std::optional<bool> {
    const auto answer = self_.get("payments", "/invoices/" + invoice);
    Invoice seen;
    if (!answer.is_fine() || !read(answer, seen, run_)) return std::nullopt;
    return seen.status() == Invoice::PAID;
  };
  const auto reply = settle(self_, {"pay", "payments", "/invoices/" + invoice + ":pay"}, is_paid);
  if (reply.is_fine()) return;
  if (plan_.kind == PlanKind::capture_fails && reply.status == 422) return cancel_invoice(invoice);
  find("pay " + order + ": " + std::to_string(reply.status) + " " + reply.body);
}

void Shopper::cancel_invoice(const std::string& invoice) {
  const auto since = now();
  while (true) {
    const auto is_canceled = [&]() -> std::optional<bool> {
      const auto answer = operator_.get("payments", "/invoices/" + invoice);
      Invoice seen;
      if (!answer.is_fine() || !read(answer, seen, run_)) return std::nullopt;
      return seen.status() == Invoice::CANCELED;
    };
    const auto reply = settle(operator_, {"cancel_invoice", "payments", "/invoices/" + invoice + ":cancel"}, is_canceled);
    if (reply.is_fine()) return;
    // An earlier request to pay may still be on its way to the gateway.
    if (reply.code() != "invoice_payment_under_way" || run_.is_late(since, Run::settling_limit))
      return find("cancel_invoice: " + std::to_string(reply.status) + " " + reply.body);
    run_.wait(100ms);
  }
}

}  // namespace mall::chaos
