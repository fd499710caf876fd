// An order's way through all nine services and back, in nine processes and in one.

#include <gtest/gtest.h>

#include "search/searchpb/api.pb.h"
#include "tests/mall/journeys.hpp"

namespace mall::testing {
namespace {

using mallbots::search::v1::FoundOrder;
using mallbots::search::v1::SearchOrdersResponse;
using mallbots::search::v1::SearchProductsResponse;

class Journey : public ::testing::TestWithParam<Shape> {};

INSTANTIATE_TEST_SUITE_P(TheMall, Journey, ::testing::Values(Shape::nine_processes, Shape::one_process), [](const auto& shape) {
  return shape.param == Shape::nine_processes ? std::string("InNineProcesses") : std::string("InOneProcess");
});

std::string history_of(const Order& order) {
  std::string words;
  for (const auto& entry : order.history()) words += (words.empty() ? "" : " ") + Order::Status_Name(entry.status());
  return words;
}

TEST_P(Journey, TakesAnOrderFromTheBasketToItsCompletionThroughEveryService) {
  RunningMall mall({.shape = GetParam()});
  const auto an_operator = mall.an_operator();
  const Storekeeper north(mall), south(mall);
  const auto tea = north.add_product(690, 50, "Earl Grey tea");
  const auto cup = north.add_product(1250, 20, "Blue cup");
  const auto lamp = south.add_product(3990, -1, "Reading lamp");
  const auto shopper = new_shopper(mall);

  shopper.await<SearchProductsResponse>(
      "/search/products?q=readng%20lamp", [&](const auto& found) { return found.products_size() == 1 && found.products(0).id() == lamp; },
      "the lamp to be found in spite of the typing error");
  const auto basket = fill_basket(shopper, {{tea, 2}, {cup, 1}, {lamp, 1}});
  const std::int64_t total = 2 * 690 + 1250 + 3990;
  const auto payment = authorize(shopper, total);
  const auto order = check_out(shopper, basket, payment);
  EXPECT_EQ(order, basket);

  // A bot picks it, and depot, ordering and payments go on by themselves.
  const auto ready = shopper.await<Order>(
      "/orders/" + order, [](const Order& seen) { return seen.status() == Order::READY && seen.has_invoice_id(); },
      "the order to be ready, with its invoice");
  EXPECT_EQ(ready.total().minor_units(), total);
  EXPECT_TRUE(ready.has_shopping_list_id());
  const auto list = shopping_list_of(an_operator, order);
  EXPECT_EQ(list.id(), ready.shopping_list_id());
  EXPECT_EQ(list.status(), ShoppingList::COMPLETED);
  EXPECT_EQ(list.stops_size(), 2) << "one stop per store";

  const auto invoice = shopper.see<Invoice>("/invoices/" + ready.invoice_id());
  EXPECT_EQ(invoice.amount().minor_units(), total);
  EXPECT_EQ(shopper.done("/invoices/" + invoice.id() + ":pay").as<Invoice>().status(), Invoice::PAID);
  const auto completed = await_order(shopper, order, Order::COMPLETED);
  EXPECT_EQ(history_of(completed), "PENDING APPROVED READY COMPLETED");

  const auto paid = shopper.see<Payment>("/payments/" + payment);
  EXPECT_EQ(paid.status(), Payment::CAPTURED);
  EXPECT_EQ(paid.captured().minor_units(), total);
  EXPECT_EQ(paid.order_id(), order);
  await_stock(shopper, tea, 48, 48);
  await_stock(shopper, cup, 19, 19);
  const auto saga = await_end_of_saga(an_operator, order);
  EXPECT_EQ(saga.status(), Saga::COMPLETED);
  EXPECT_FALSE(saga.alert());

  const auto found = shopper.await<FoundOrder>(
      "/search/orders/" + order, [](const FoundOrder& seen) { return seen.status() == "COMPLETED"; }, "search to know of the completion");
  EXPECT_EQ(found.total().minor_units(), total);
  EXPECT_EQ(found.items_size(), 3);
  EXPECT_EQ(shopper.see<SearchOrdersResponse>("/search/orders?status=COMPLETED&storeIds=" + south.store).orders_size(), 1);
  shopper.await<mallbots::notifications::v1::ListNotificationsResponse>(
      "/notifications", [](const auto& told) { return told.notifications_size() == 4; }, "the messages to the shopper");
  for (const auto kind : {Notification::ORDER_APPROVED, Notification::ORDER_READY, Notification::ORDER_COMPLETED})
    EXPECT_EQ(times_told(shopper, kind, order), 1) << Notification::Kind_Name(kind);
  EXPECT_EQ(times_told(shopper, Notification::WELCOME), 1);
}

TEST_P(Journey, KeepsEverythingWhenItIsStoppedAndStartedAgain) {
  RunningMall mall({.shape = GetParam()});
  const Storekeeper north(mall);
  const auto tea = north.add_product(690, 50);
  const auto shopper = new_shopper(mall);
  const auto order = check_out(shopper, fill_basket(shopper, {{tea, 2}}), authorize(shopper, 1380));
  await_order(shopper, order, Order::READY);

  const auto programs = GetParam() == Shape::one_process ? std::vector<std::string>{"users"} : mall.running();
  for (const auto& service : programs) EXPECT_EQ(mall.process(service).stop(), 0) << service;
  for (const auto& service : programs) mall.process(service).start();
  for (const auto& service : mall.running()) mall.await_ready(service);

  const auto ready = shopper.await<Order>("/orders/" + order, [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice");
  shopper.done("/invoices/" + ready.invoice_id() + ":pay");
  await_order(shopper, order, Order::COMPLETED);
  await_stock(shopper, tea, 48, 48);
}

}  // namespace
}  // namespace mall::testing
