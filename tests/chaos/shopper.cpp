#include "tests/chaos/shopper.hpp"

#include "baskets/basketspb/api.pb.h"

namespace mall::chaos {

using namespace std::chrono_literals;
using mallbots::baskets::v1::Basket;

void Shopper::buy(const Plan& plan) {
  plan_ = plan;
  if (plan_.kind == PlanKind::used_payment && used_payment_.empty()) plan_.kind = PlanKind::plain;
  std::int64_t total = 0;
  std::string lines;
  for (const auto& [at, quantity] : plan_.lines) {
    const auto& product = goods_.products[at];
    total += product.price * quantity;
    lines += (lines.empty() ? "[\"" : ",[\"") + product.id + "\"," + std::to_string(quantity) + "," + std::to_string(product.price) + "]";
  }
  log(line("begin", name_of(plan_.kind)).with("user", self_.username()).with("total", total).with_json("lines", "[" + lines + "]"));

  std::string payment;
  switch (plan_.kind) {
    case PlanKind::used_payment: payment = used_payment_; break;
    case PlanKind::too_small: payment = authorize(total - 1, "sandbox:approve"); break;
    case PlanKind::capture_fails: payment = authorize(total, "sandbox:capture-fails"); break;
    case PlanKind::flaky: payment = authorize(total, "sandbox:flaky"); break;
    case PlanKind::declined:
      if (!authorize(total, "sandbox:decline").empty()) find("a payment by sandbox:decline was taken");
      payment = authorize(total, "sandbox:approve");
      break;
    case PlanKind::plain:
    case PlanKind::scarce:
    case PlanKind::canceled:
    case PlanKind::checkout_twice: payment = authorize(total + 500, "sandbox:approve"); break;
  }
  const auto basket = payment.empty() ? std::string() : start_basket();
  if (basket.empty() || !fill(basket) || !check_out(basket, payment)) return;
  if (plan_.kind == PlanKind::checkout_twice && check_out(basket, payment)) log(line("seen", "checked_out_once_more"));
  if (plan_.kind == PlanKind::canceled) {
    run_.wait(plan_.cancel_after);
    cancel(basket);
  }
  await_decision(basket);
  see_to_the_end(basket);
}

Reply Shopper::settle(Caller& who, const Request& request, const FindOut& find_out) {
  const auto since = now();
  auto pause = 20ms;
  while (true) {
    log(line("ask", request.step).with("path", request.path).with_json("body", request.body));
    const auto reply = who.post(request.service, request.path, request.body, request.version);
    auto answer = line("answer", request.step);
    answer.with("status", reply.status);
    if (reply.is_settled() && !reply.is_fine()) answer.with("code", reply.code());
    if (const auto id = reply.text("id"); reply.is_fine() && !id.empty()) answer.with("id", id);
    log_.write(answer);
    // A version that is not the present one any more tells that somebody was here: ourselves, in an earlier request.
    if (reply.is_settled() && reply.status != 412 && reply.status != 409) return reply;
    if (!reply.is_settled()) ++run_.unknown;
    const auto done = find_out();
    if (done.has_value() && *done) {
      log(line("seen", request.step));
      return {.status = 200};
    }
    if (done.has_value() && reply.is_settled()) return reply;
    if (run_.is_late(since, Run::settling_limit)) {
      find(request.step + " is not answered: " + std::to_string(reply.status) + " " + reply.body);
      return {};
    }
    run_.wait(pause);
    pause = std::min(pause * 2, 500ms);
  }
}

std::string Shopper::authorize(std::int64_t cents, const std::string& method) {
  // One that nobody answered may hold money under an id that nobody knows; it is never used, and expires.
  const auto reply =
      settle(self_, {"authorize", "payments", "/payments", R"({"amount":)" + euros(cents) + R"(,"method":")" + method + "\"}"},
             [] { return false; });
  if (!reply.is_fine() && method != "sandbox:decline") find("authorize: " + std::to_string(reply.status) + " " + reply.body);
  return reply.is_fine() ? reply.text("id") : std::string();
}

std::string Shopper::start_basket() {
  const auto reply = settle(self_, {"basket", "baskets", "/baskets"}, [] { return false; });
  if (!reply.is_fine()) find("basket: " + std::to_string(reply.status) + " " + reply.body);
  basket_version_ = 1;
  return reply.text("id");
}

bool Shopper::fill(const std::string& basket) {
  std::int64_t total = 0;
  for (const auto& [at, quantity] : plan_.lines) {
    const auto& product = goods_.products[at];
    total += product.price * quantity;
    Basket seen;
    const auto is_in = [&, quantity = quantity]() -> std::optional<bool> {
      const auto answer = self_.get("baskets", "/baskets/" + basket);
      if (!answer.is_fine()) return std::nullopt;
      seen.Clear();
      if (!read(answer, seen, run_)) return std::nullopt;
      return std::ranges::any_of(seen.items(),
                                 [&](const auto& item) { return item.product_id() == product.id && item.quantity() == quantity; });
    };
    const auto reply = settle(self_,
                              {"item", "baskets", "/baskets/" + basket + "/items",
                               R"({"productId":")" + product.id + R"(","quantity":)" + std::to_string(quantity) + "}", basket_version_},
                              is_in);
    if (!reply.is_fine()) {
      find("item: " + std::to_string(reply.status) + " " + reply.body);
      return false;
    }
    if (!reply.body.empty()) {
      seen.Clear();
      if (!read(reply, seen, run_)) return false;
    }
    basket_version_ = seen.version();
    if (seen.total().minor_units() != total)
      find("the basket's total is " + std::to_string(seen.total().minor_units()) + ", not " + std::to_string(total));
  }
  return true;
}

bool Shopper::check_out(const std::string& basket, const std::string& payment) {
  const auto is_checked_out = [&]() -> std::optional<bool> {
    const auto answer = self_.get("baskets", "/baskets/" + basket);
    Basket seen;
    if (!answer.is_fine() || !read(answer, seen, run_)) return std::nullopt;
    return seen.status() == Basket::CHECKED_OUT;
  };
  const auto reply =
      settle(self_, {"checkout", "baskets", "/baskets/" + basket + ":checkout", R"({"paymentId":")" + payment + "\"}", basket_version_},
             is_checked_out);
  if (!reply.is_fine()) find("checkout: " + std::to_string(reply.status) + " " + reply.body);
  return reply.is_fine();
}

bool Shopper::cancel(const std::string& order) {
  const auto since = now();
  while (true) {
    const auto is_canceled = [&]() -> std::optional<bool> {
      const auto answer = self_.get("ordering", "/orders/" + order);
      Order seen;
      if (!answer.is_fine() || !read(answer, seen, run_)) return std::nullopt;
      return seen.status() == Order::CANCELED;
    };
    const auto reply = settle(self_, {"cancel", "ordering", "/orders/" + order + ":cancel"}, is_canceled);
    if (reply.is_fine()) return true;
    if (reply.status == 409 && reply.code() == "order_not_cancelable") return false;
    // Ordering may not have heard of the checkout yet.
    if (reply.status != 404 || run_.is_late(since, Run::decision_limit)) {
      find("cancel: " + std::to_string(reply.status) + " " + reply.body);
      return false;
    }
    run_.wait(20ms);
  }
}

}  // namespace mall::chaos
