#include "tests/chaos/intruder.hpp"

#include "baskets/basketspb/api.pb.h"
#include "ordering/orderingpb/api.pb.h"

namespace mall::chaos {

using namespace std::chrono_literals;
using mallbots::baskets::v1::Basket;
using mallbots::ordering::v1::Order;

void Intruder::try_everything() {
  touch_the_basket_of_another();
  act_without_the_role();
  use_a_refresh_token_twice();
  pay_the_price_of_yesterday();
  pay_two_orders_with_one_payment();
}

void Intruder::touch_the_basket_of_another() {
  const auto basket = "/baskets/" + owner_.post("baskets", "/baskets").text("id");
  if (basket == "/baskets/") return;
  expect_refused(self_.get("baskets", basket), "see another's basket");
  expect_refused(self_.post("baskets", basket + "/items", R"({"productId":")" + bait_ + R"(","quantity":1})"), "fill another's basket");
  expect_refused(self_.post("baskets", basket + ":cancel"), "cancel another's basket");
}

void Intruder::act_without_the_role() {
  expect_refused(self_.get("cosec", "/sagas"), "see all sagas");
  expect_refused(self_.post("depot", "/bots", R"({"name":"Trojan"})"), "register a bot");
  expect_refused(self_.post("users", "/users/" + self_.id() + ":grantRole", R"({"role":"operator"})"), "become an operator");
}

Reply Intruder::refresh(const std::string& token) {
  return self_.post("users", "/sessions:refresh", R"({"refreshToken":")" + token + "\"}");
}

void Intruder::use_a_refresh_token_twice() {
  const auto first = self_.post("users", "/sessions", self_.credentials()).text("refreshToken");
  const auto second = first.empty() ? "" : refresh(first).text("refreshToken");
  if (second.empty()) return;
  const auto again = refresh(first);
  expect_refused(again, "use a refresh token twice");
  if (again.is_answer()) expect_refused(refresh(second), "go on with a session whose refresh token was used twice");
}

std::int64_t Intruder::put_the_bait_in_a_basket(std::string& basket) {
  basket = self_.post("baskets", "/baskets").text("id");
  const auto reply = self_.post("baskets", "/baskets/" + basket + "/items", R"({"productId":")" + bait_ + R"(","quantity":1})");
  Basket seen;
  if (basket.empty() || !reply.is_fine() || !read(reply, seen, run_)) return 0;
  return seen.total().minor_units();
}

void Intruder::pay_the_price_of_yesterday() {
  std::string basket, other;
  const auto price = put_the_bait_in_a_basket(basket);
  if (price == 0) return;
  owner_.post("stores", "/products/" + bait_ + ":increasePrice", R"({"price":)" + euros(price + 1) + "}");
  const auto since = now();
  std::int64_t seen = 0;
  // Baskets hears of it by an event; without one the price is not of yesterday.
  while ((seen = put_the_bait_in_a_basket(other)) <= price) {
    if (now() - since > 5000) return;
    run_.wait(50ms);
  }
  const auto payment = authorize(seen);
  if (payment.empty()) return;
  expect_refused(self_.post("baskets", "/baskets/" + basket + ":checkout", R"({"paymentId":")" + payment + "\"}"),
                 "check out at a price that has changed");
}

std::string Intruder::authorize(std::int64_t cents) {
  return self_.post("payments", "/payments", R"({"amount":)" + euros(cents) + R"(,"method":"sandbox:approve"})").text("id");
}

void Intruder::pay_two_orders_with_one_payment() {
  std::string first, second;
  const auto price = put_the_bait_in_a_basket(first);
  if (price == 0 || put_the_bait_in_a_basket(second) == 0) return;
  const auto payment = authorize(price);
  if (payment.empty()) return;
  const bool one = check_out(first, payment), other = check_out(second, payment);
  const bool is_paid = one && is_approved_in_the_end(first);
  if (other && is_approved_in_the_end(second) && is_paid)
    run_.find("an intruder may pay two orders with one payment: " + first + ", " + second);
}

bool Intruder::check_out(const std::string& basket, const std::string& payment) {
  for (const auto since = now(); !run_.is_late(since, Run::settling_limit); run_.wait(100ms)) {
    const auto reply = self_.post("baskets", "/baskets/" + basket + ":checkout", R"({"paymentId":")" + payment + "\"}");
    // A conflict says that an earlier try, whose answer was lost, has done it.
    if (reply.is_settled()) return reply.is_fine() || reply.status == 409;
  }
  return false;
}

bool Intruder::is_approved_in_the_end(const std::string& id) {
  bool approved = false;
  for (const auto since = now(); !run_.is_late(since, Run::decision_limit); run_.wait(50ms)) {
    const auto reply = self_.get("ordering", "/orders/" + id);
    Order order;
    if (!reply.is_fine() || !read(reply, order, run_)) continue;
    const auto status = order.status();
    approved = approved || status == Order::APPROVED || status == Order::READY || status == Order::COMPLETED;
    if (status == Order::REJECTED || status == Order::CANCELED || status == Order::COMPLETED) break;
    if (status == Order::READY && order.has_invoice_id()) self_.post("payments", "/invoices/" + order.invoice_id() + ":pay");
  }
  return approved;
}

}  // namespace mall::chaos
