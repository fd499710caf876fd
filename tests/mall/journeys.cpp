#include "tests/mall/journeys.hpp"

#include <algorithm>

#include "baskets/basketspb/api.pb.h"
#include "pkg/testing/wait.hpp"

namespace mall::testing {

std::string euros(std::int64_t cents) { return R"({"currency":"EUR","minorUnits":)" + std::to_string(cents) + "}"; }

Visitor new_shopper(const RunningMall& mall) {
  auto shopper = mall.visitor();
  shopper.register_as("sam");
  return shopper;
}

Storekeeper::Storekeeper(const RunningMall& mall) : owner(mall.visitor()) {
  owner.register_as("olga");
  store = owner.done("/stores", R"({"name":"North","location":"Level 1"})").text("id");
  const auto is_owner = [&] { return owner.get("/users/me").body.find("\"owner\"") != std::string::npos; };
  pkg::testing::wait_until(is_owner, "who opened a store to become an owner");
  owner.sign_in_again();  // a role comes with the next token
  owner.done("/stores/" + store + ":enableParticipation");
}

std::string Storekeeper::add_product(std::int64_t cents, std::int64_t stock, const std::string& name) const {
  static int made = 0;
  auto body =
      R"({"name":")" + name + R"(","description":"For tests","sku":"SKU-)" + std::to_string(++made) + R"(","price":)" + euros(cents);
  if (stock >= 0) body += R"(,"stock":)" + std::to_string(stock);
  return owner.done("/stores/" + store + "/products", body + "}").text("id");
}

std::string fill_basket(const Visitor& shopper, const Lines& lines) {
  const auto basket = shopper.done("/baskets").text("id");
  for (const auto& [product, quantity] : lines) {
    const auto body = R"({"productId":")" + product + R"(","quantity":)" + std::to_string(quantity) + "}";
    Answer answer;
    // A store that has just opened is not known to baskets yet.
    const bool taken = pkg::testing::wait_until(
        [&] {
          answer = shopper.post("/baskets/" + basket + "/items", body);
          return answer.status == 200 || (answer.code() != "store_not_participating" && answer.status != 404 && answer.status != 503);
        },
        "the product to be known to baskets");
    EXPECT_TRUE(taken && answer.status == 200) << answer.status << " " << answer.body;
  }
  return basket;
}

std::string authorize(const Visitor& shopper, std::int64_t cents, const std::string& method) {
  return shopper.done("/payments", R"({"amount":)" + euros(cents) + R"(,"method":")" + method + "\"}").text("id");
}

std::string check_out(const Visitor& shopper, const std::string& basket, const std::string& payment) {
  return shopper.done("/baskets/" + basket + ":checkout", R"({"paymentId":")" + payment + "\"}").text("orderId");
}

Order await_order(const Visitor& who, const std::string& order, Order::Status status, std::chrono::milliseconds limit) {
  return who.await<Order>(
      "/orders/" + order, [&](const Order& seen) { return seen.status() == status; }, "the order to be " + Order::Status_Name(status),
      limit);
}

Saga await_end_of_saga(const Visitor& an_operator, const std::string& order, std::chrono::milliseconds limit) {
  const auto has_ended = [](const Saga& saga) {
    return saga.status() == Saga::COMPLETED || saga.status() == Saga::COMPENSATED || saga.status() == Saga::CANCELED;
  };
  return an_operator.await<Saga>("/sagas/" + order, has_ended, "the saga's end", limit);
}

namespace {

mallbots::depot::v1::ListShoppingListsResponse shopping_lists_of(const Visitor& an_operator, const std::string& order) {
  return an_operator.see<mallbots::depot::v1::ListShoppingListsResponse>("/shopping-lists?orderId=" + order);
}

}  // namespace

ShoppingList shopping_list_of(const Visitor& an_operator, const std::string& order) {
  const auto lists = an_operator.await<mallbots::depot::v1::ListShoppingListsResponse>(
      "/shopping-lists?orderId=" + order, [](const auto& seen) { return seen.shopping_lists_size() > 0; }, "the order's shopping list");
  EXPECT_EQ(lists.shopping_lists_size(), 1) << "an order has one list";
  return lists.shopping_lists_size() == 1 ? lists.shopping_lists(0) : ShoppingList{};
}

ShoppingList::Status shopping_list_status(const Visitor& an_operator, const std::string& order) {
  const auto lists = shopping_lists_of(an_operator, order);
  EXPECT_LE(lists.shopping_lists_size(), 1) << "an order has one list";
  return lists.shopping_lists_size() == 0 ? ShoppingList::STATUS_UNSPECIFIED : lists.shopping_lists(0).status();
}

Payment::Status payment_status(const Visitor& shopper, const std::string& payment) {
  return shopper.see<Payment>("/payments/" + payment).status();
}

void await_stock(const Visitor& who, const std::string& product, std::int64_t stock, std::int64_t available) {
  who.await<Product>(
      "/products/" + product, [&](const Product& seen) { return seen.stock() == stock && seen.available() == available; },
      "a stock of " + std::to_string(stock) + ", " + std::to_string(available) + " of it to be had");
}

std::string steps_that_are(const Saga& saga, mallbots::cosec::v1::SagaStep::State state) {
  std::string names;
  for (const auto& step : saga.steps()) {
    if (step.state() == state) names += (names.empty() ? "" : " ") + step.name();
  }
  return names;
}

int times_told(const Visitor& shopper, Notification::Kind kind, const std::string& order) {
  const auto told = shopper.see<mallbots::notifications::v1::ListNotificationsResponse>("/notifications?pageSize=100");
  return static_cast<int>(std::ranges::count_if(
      told.notifications(), [&](const Notification& note) { return note.kind() == kind && (order.empty() || note.order_id() == order); }));
}

}  // namespace mall::testing
