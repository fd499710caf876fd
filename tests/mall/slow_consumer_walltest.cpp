// A service that does not keep up, because it stands still or its table is locked: the others go on as if nothing were, nobody's memory
// grows with what waits, and it catches up in order.

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "pkg/testing/wait.hpp"
#include "search/searchpb/api.pb.h"
#include "tests/mall/crowd.hpp"

namespace mall::testing {
namespace {

using namespace std::chrono_literals;
using mallbots::notifications::v1::ListNotificationsResponse;
using std::chrono::microseconds;
using SearchedProduct = mallbots::search::v1::SearchProductsResponse;

class SlowConsumer : public ::testing::Test {
 protected:
  RunningMall mall;
  Visitor an_operator = mall.an_operator();
  Storekeeper north{mall};
  Visitor shopper = new_shopper(mall);
  std::string tea = north.add_product(500, -1);

  struct Trade {
    std::vector<std::string> orders;
    std::vector<microseconds> times;  ///< to the approval
  };
  /// So many orders, one after the other, each as far as it goes by itself.
  Trade trade(std::size_t count) {
    Trade done;
    for (std::size_t i = 0; i < count; ++i) {
      const auto basket = fill_basket(shopper, {{tea, 1}});
      const auto payment = authorize(shopper, 500);
      const auto began = std::chrono::system_clock::now();
      done.orders.push_back(check_out(shopper, basket, payment));
      shopper.await<Order>("/orders/" + done.orders.back(), [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice");
      done.times.push_back(time_to_approval(shopper, done.orders.back(), began));
    }
    return done;
  }

  static void expect_unaffected(const Trade& before, const Trade& meanwhile) {
    if (is_sanitized) return;
    EXPECT_LT(quantile(meanwhile.times, 0.5), 3 * quantile(before.times, 0.5)) << "the trade has become slower";
    EXPECT_LT(quantile(meanwhile.times, 1), 2s);
  }

  /// Everybody was told everything once.
  void expect_told(const std::vector<std::string>& orders) {
    for (const auto& order : orders) {
      SCOPED_TRACE(order);
      std::vector<Notification::Kind> kinds;
      shopper.await<ListNotificationsResponse>(
          "/notifications?pageSize=100",
          [&](const ListNotificationsResponse& told) {
            kinds.clear();
            for (const auto& note : told.notifications()) {
              if (note.order_id() == order) kinds.push_back(note.kind());
            }
            return kinds.size() >= 2;
          },
          "the messages about the order", 30s);
      std::ranges::sort(kinds);  // the one is told by ordering and the other by payments
      EXPECT_EQ(kinds, (std::vector{Notification::ORDER_APPROVED, Notification::ORDER_READY}));
    }
  }
};

TEST_F(SlowConsumer, ThatStandsStillHoldsUpNobodyAndCatchesUpInOrder) {
  constexpr int products = 10, raises = 300;
  std::vector<std::string> teas;
  for (int i = 0; i < products; ++i) teas.push_back(north.add_product(1'000, -1, "Raised tea"));
  const auto before = trade(20);
  const MemoryWatch memory(mall);

  mall.process("search").pause();
  mall.process("notifications").pause();
  // More than a window of deliveries holds, ten times over.
  on_threads(4, products, [&](std::size_t i) {
    for (int raise = 1; raise <= raises; ++raise) {
      const auto path = "/products/" + teas[i] + ":increasePrice";
      EXPECT_EQ(north.owner.post(path, R"({"price":)" + euros(1'000 + raise) + "}").status, 200);
    }
  });
  const auto meanwhile = trade(20);
  memory.expect_growth_below(48);
  mall.process("search").resume();
  mall.process("notifications").resume();

  expect_unaffected(before, meanwhile);
  const auto knows_the_last_prices = [&](const SearchedProduct& found) {
    return found.products_size() == products &&
           std::ranges::all_of(found.products(), [](const auto& each) { return each.price().minor_units() == 1'000 + raises; });
  };
  shopper.await<SearchedProduct>("/search/products?q=raised&pageSize=50", knows_the_last_prices, "search to have caught up", 60s);
  expect_told(meanwhile.orders);
  memory.expect_growth_below(48);
  for (const auto& service : mall.running()) {
    mall.await_ready(service);
    EXPECT_EQ(mall.database(service).sql("select count(*) from parked_messages"), "0") << service;
  }
}

TEST_F(SlowConsumer, WhoseTableIsLockedHoldsUpNobodyAndLosesNothing) {
  const auto before = trade(20);
  const auto& notes = mall.database("notifications");
  const auto is_locked = [&] {
    return notes.sql(
               "select count(*) from pg_locks where relation = 'notifications'::regclass and mode = 'AccessExclusiveLock' and granted") ==
           "1";
  };
  Trade meanwhile;
  {
    // Longer than a broker waits for an acknowledgement, so that everything comes again meanwhile.
    const std::jthread lock([&] { notes.sql("begin; lock table notifications in access exclusive mode; select pg_sleep(12); commit"); });
    pkg::testing::wait_until(is_locked, "the table to be locked");
    meanwhile = trade(20);
    EXPECT_TRUE(is_locked()) << "the orders took as long as the lock";
  }
  expect_unaffected(before, meanwhile);
  expect_told(meanwhile.orders);
  EXPECT_EQ(notes.sql("select count(*) from parked_messages where state = 'dead'"), "0");
  mall.await_ready("notifications");
}

}  // namespace
}  // namespace mall::testing
