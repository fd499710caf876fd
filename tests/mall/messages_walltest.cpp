// What the mall promises of its messages, seen from outside: a double has no second effect, what is about one thing comes in its order, and
// a service that is killed goes on where it stood.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "pkg/testing/wait.hpp"
#include "tests/mall/echo.hpp"
#include "tests/mall/journeys.hpp"

namespace mall::testing {
namespace {

/// One order of each fate.
struct Orders {
  explicit Orders(const RunningMall& mall) : an_operator(mall.an_operator()), north(mall), shopper(new_shopper(mall)) {
    tea = north.add_product(500, 100);
    completed = order(2, 1000);
    canceled = order(3, 1500);
    rejected = order(4, 1);
  }

  std::string order(int pieces, std::int64_t money) {
    payments.push_back(authorize(shopper, money));
    return check_out(shopper, fill_basket(shopper, {{tea, pieces}}), payments.back());
  }

  void take_to_their_ends() {
    // A cancellation may come too late: then it is an order like the first.
    const bool was_canceled = shopper.post("/orders/" + canceled + ":cancel").status == 200;
    await_order(shopper, rejected, Order::REJECTED);
    std::int64_t sold = 2;
    pay(completed);
    if (was_canceled) {
      await_order(shopper, canceled, Order::CANCELED);
    } else {
      pay(canceled);
      sold += 3;
    }
    for (const auto& id : {completed, canceled, rejected}) await_end_of_saga(an_operator, id);
    await_stock(shopper, tea, 100 - sold, 100 - sold);
  }

  void pay(const std::string& id) {
    const auto ready = shopper.await<Order>("/orders/" + id, [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice");
    shopper.done("/invoices/" + ready.invoice_id() + ":pay");
    await_order(shopper, id, Order::COMPLETED);
  }

  Visitor an_operator;
  Storekeeper north;
  Visitor shopper;
  std::string tea, completed, canceled, rejected;
  std::vector<std::string> payments;
};

void await_quiet(const Echo& echo) {
  std::size_t heard = 0;
  pkg::testing::wait_until(
      [&] {
        const auto before = std::exchange(heard, echo.heard().size());
        return echo.is_all_handled() && before == heard;
      },
      "every service to be done with every message", std::chrono::seconds{30});
}

/// What the services keep, without what a clock moves by itself.
std::map<std::string, std::string> contents(const RunningMall& mall) {
  std::map<std::string, std::string> all;
  for (const auto& service : mall.running()) all[service] = mall.contents(service);
  return all;
}

void expect_nothing_parked(const RunningMall& mall) {
  for (const auto& service : mall.running())
    EXPECT_EQ(mall.database(service).sql("select coalesce(string_agg(type || ': ' || why, '; '), '') from parked_messages"), "") << service;
}

TEST(Messages, HaveNoSecondEffectWhenEachComesTwiceAtOnce) {
  RunningMall mall;
  Echo echo(mall.nats.url(), Echo::When::at_once);
  // What a service asks the event server when it starts is heard here too, and is no message.
  mall.process("notifications").kill();
  mall.start("notifications");
  Orders orders(mall);
  orders.take_to_their_ends();
  await_quiet(echo);
  EXPECT_EQ(echo.repeated(), echo.heard().size());
  EXPECT_GT(echo.repeated(), 60u) << "three orders are more messages than that";

  // One order per basket, one list and one saga per order, one capture and one invoice per completed order, one message to people each.
  EXPECT_EQ(mall.database("ordering").sql("select count(*) from orders"), "3");
  for (const auto kind : {Notification::ORDER_APPROVED, Notification::ORDER_READY, Notification::ORDER_COMPLETED})
    EXPECT_EQ(times_told(orders.shopper, kind, orders.completed), 1) << Notification::Kind_Name(kind);
  EXPECT_EQ(times_told(orders.shopper, Notification::ORDER_REJECTED, orders.rejected), 1);
  EXPECT_EQ(times_told(orders.shopper, Notification::WELCOME), 1);
  const auto invoices = orders.shopper.see<mallbots::payments::v1::ListInvoicesResponse>("/invoices?orderId=" + orders.completed);
  EXPECT_EQ(invoices.invoices_size(), 1);
  shopping_list_of(orders.an_operator, orders.completed);
  expect_nothing_parked(mall);
}

TEST(Messages, HaveNoSecondEffectWhenAllComeOnceMoreInTheOppositeOrder) {
  RunningMall mall;
  Echo echo(mall.nats.url(), Echo::When::on_demand);
  Orders orders(mall);
  orders.take_to_their_ends();
  await_quiet(echo);
  const auto before = contents(mall);
  echo.repeat_backwards();
  await_quiet(echo);
  EXPECT_EQ(echo.repeated(), echo.heard().size()) << "an old message made a new one";
  const auto after = contents(mall);
  for (const auto& [service, what] : before) EXPECT_EQ(after.at(service), what) << service;
  expect_nothing_parked(mall);
}

TEST(Messages, OfOneThingComeInTheOrderInWhichItChanged) {
  RunningMall mall;
  Echo echo(mall.nats.url(), Echo::When::on_demand);
  const Storekeeper north(mall);
  const auto tea = north.add_product(1000, 100);
  for (int price = 1001; price <= 1040; ++price)
    north.owner.done("/products/" + tea + ":increasePrice", R"({"price":)" + euros(price) + "}");
  const auto shopper = new_shopper(mall);
  const auto basket = shopper.done("/baskets").text("id");
  pkg::testing::wait_until(
      [&] {
        const auto taken = shopper.post("/baskets/" + basket + "/items", R"({"productId":")" + tea + R"(","quantity":1})");
        return taken.status == 200 && taken.body.find("\"minorUnits\":1040") != std::string::npos;
      },
      "baskets to know the last price");
  await_quiet(echo);

  std::map<std::pair<std::string, std::string>, std::uint64_t> newest;  // by channel and key
  std::set<std::string> ids;
  for (const auto& message : echo.heard()) {
    EXPECT_FALSE(message.id.empty() || message.key.empty()) << message.type;
    EXPECT_TRUE(ids.insert(message.id).second) << message.type << " was published twice";
    const auto version = std::stoull(message.version.empty() ? "0" : message.version);
    if (version == 0) continue;  // commands and replies have none
    auto& before = newest[{message.channel, message.key}];
    EXPECT_GE(version, before) << message.type << " of " << message.key;
    before = version;
  }
  EXPECT_EQ((newest[{"mallbots.stores.events.Product", tea}]), 41u);
}

TEST(Messages, WaitWhileTheEventServerIsAwayThoughItForgotWhatItHad) {
  RunningMall mall;
  const Storekeeper north(mall);
  const auto tea = north.add_product(500, 100);
  const auto shopper = new_shopper(mall);
  const auto payment = authorize(shopper, 1000);
  const auto basket = fill_basket(shopper, {{tea, 2}});
  mall.nats.kill();
  mall.nats.wipe();
  const auto order = check_out(shopper, basket, payment);
  for (const auto& service : mall.running()) mall.await_ready(service);  // calls are answered without it
  mall.nats.start();
  await_order(shopper, order, Order::READY);
  for (const auto& service : mall.running()) mall.await_ready(service);
  Echo echo(mall.nats.url(), Echo::When::on_demand);
  await_quiet(echo);
  expect_nothing_parked(mall);
  await_stock(shopper, tea, 100, 98);
}

TEST(Messages, GoOnWhenTheDatabaseHasEndedEverySession) {
  RunningMall mall;
  Orders orders(mall);
  for (const auto& service : mall.running()) mall.database(service).terminate_backends();
  orders.pay(orders.completed);
  for (const auto& service : mall.running()) mall.await_ready(service);
  Echo echo(mall.nats.url(), Echo::When::on_demand);
  await_quiet(echo);
  expect_nothing_parked(mall);
}

TEST(Messages, AreAllHandledThoughEachServiceIsKilledInTheMiddle) {
  RunningMall mall;
  Echo echo(mall.nats.url(), Echo::When::on_demand);
  Orders first(mall);  // warm
  std::vector<std::string> orders{first.completed};
  for (const auto& service : RunningMall::service_names()) {
    const auto payment = authorize(first.shopper, 500);
    const auto basket = fill_basket(first.shopper, {{first.tea, 1}});
    orders.push_back(check_out(first.shopper, basket, payment));
    mall.process(service).kill();
    mall.start(service);
  }
  for (const auto& order : orders) {
    SCOPED_TRACE(order);
    first.pay(order);
  }
  await_quiet(echo);
  expect_nothing_parked(mall);
  // Two and nine pieces are sold; the three of the order that nobody paid are reserved.
  await_stock(first.shopper, first.tea, 89, 86);
}

}  // namespace
}  // namespace mall::testing
