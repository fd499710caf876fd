#include "tests/chaos/intruder.hpp"

#include "baskets/basketspb/api.pb.h"

namespace mall::chaos {

using namespace std::chrono_literals;
using mallbots::baskets::v1::Basket;

void Intruder::try_everything() {
  touch_the_basket_of_another();
  act_without_the_role();
  use_a_refresh_token_twice();
  pay_the_price_of_yesterday();
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
  const auto payment = self_.post("payments", "/payments", R"({"amount":)" + euros(seen) + R"(,"method":"sandbox:approve"})").text("id");
  if (payment.empty()) return;
  expect_refused(self_.post("baskets", "/baskets/" + basket + ":checkout", R"({"paymentId":")" + payment + "\"}"),
                 "check out at a price that has changed");
}

}  // namespace mall::chaos
