// The event server is away for a while, under load: every checkout is accepted, what waits is more than any queue holds, and afterwards it
// is published and handled in order.
//
// MALL_OUTAGE=600 makes it ten minutes; the default is as short as the backlog allows.

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>

#include "pkg/testing/wait.hpp"
#include "search/searchpb/api.pb.h"
#include "tests/mall/crowd.hpp"
#include "tests/mall/echo.hpp"

namespace mall::testing {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using SearchedProducts = mallbots::search::v1::SearchProductsResponse;

/// What a relay has in memory at most (RelayOptions::max_messages); the rest it reads from the database again.
constexpr int rows_in_memory = 8'192;
constexpr int products = 20, raises = rows_in_memory / products + 100;

std::chrono::seconds length_of_the_outage() {
  const char* given = std::getenv("MALL_OUTAGE");
  return std::chrono::seconds(given == nullptr ? 20 : std::atoi(given));
}

std::int64_t waiting_in_outbox(const RunningMall& mall, const std::string& service) {
  return std::stoll(mall.database(service).sql("select count(*) from outbox, relay_state where seq > settled"));
}

/// Orders, one after the other, so many a second, as long as this lives. Each must be accepted.
class Shopping {
 public:
  Shopping(const Visitor& shopper, std::string product) : shopper_(shopper), product_(std::move(product)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { shop(stop); });
  }
  std::vector<std::string> orders() {
    thread_.request_stop();
    thread_.join();
    return orders_;
  }

 private:
  void shop(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    for (auto due = Clock::now(); !stop.stop_requested(); due += 50ms) {
      std::unique_lock lock(mutex);
      never.wait_until(lock, stop, due, [] { return false; });
      const auto basket = shopper_.done("/baskets").text("id");
      shopper_.done("/baskets/" + basket + "/items", R"({"productId":")" + product_ + R"(","quantity":1})");
      const auto order = check_out(shopper_, basket, authorize(shopper_, 500));
      EXPECT_EQ(order, basket);
      orders_.push_back(order);
    }
  }

  const Visitor& shopper_;
  const std::string product_;
  std::vector<std::string> orders_;
  std::jthread thread_;
};

/// In each channel what is about one thing was published in the order in which it happened, and nothing is missing.
void expect_in_order(const std::vector<Heard>& all) {
  std::set<std::string> ids;
  std::map<std::pair<std::string, std::string>, std::uint64_t> newest;
  for (const auto& message : all) {
    const auto version = message.version.empty() ? 0 : std::stoull(message.version);
    if (version == 0 || !ids.insert(message.id).second) continue;
    auto& before = newest[{message.channel, message.key}];
    EXPECT_GE(version, before) << message.type << " of " << message.key;
    before = version;
  }
}

TEST(Outage, OfTheEventServerStopsNoCheckoutAndIsMadeUpForInOrder) {
  RunningMall mall;
  const auto an_operator = mall.an_operator();
  const Storekeeper north(mall);
  const auto shopper = new_shopper(mall);
  const auto tea = north.add_product(500, -1);
  std::vector<std::string> raised;
  for (int i = 0; i < products; ++i) raised.push_back(north.add_product(1'000, -1, "Raised tea"));
  await_order(shopper, check_out(shopper, fill_basket(shopper, {{tea, 1}}), authorize(shopper, 500)), Order::READY);
  MemoryWatch memory(mall);

  mall.nats.kill();
  const auto back_at = Clock::now() + length_of_the_outage();
  Shopping shopping(shopper, tea);
  on_threads(3, products, [&](std::size_t i) {
    for (int raise = 1; raise <= raises; ++raise)
      north.owner.done("/products/" + raised[i] + ":increasePrice", R"({"price":)" + euros(1'000 + raise) + "}");
  });
  pkg::testing::wait_until([&] { return Clock::now() >= back_at; }, "the end of the outage", length_of_the_outage() + 1s);
  const auto orders = shopping.orders();
  EXPECT_GT(waiting_in_outbox(mall, "stores"), rows_in_memory) << "memory could hold all that waited";
  EXPECT_GT(waiting_in_outbox(mall, "baskets"), static_cast<std::int64_t>(orders.size()));
  for (const auto& service : mall.running()) mall.await_ready(service);
  std::printf("%zu orders while the event server was away; memory grew by (MiB) %s\n", orders.size(), memory.growth().c_str());
  memory.expect_growth_below(64);

  const auto began = Clock::now();
  mall.nats.start();
  for (const auto& order : orders)
    an_operator.await<Order>(
        "/orders/" + order, [](const Order& seen) { return seen.status() >= Order::APPROVED && seen.has_invoice_id(); },
        "the order to be decided", 120s);
  shopper.await<SearchedProducts>(
      "/search/products?q=raised&pageSize=50",
      [&](const SearchedProducts& found) {
        return found.products_size() == products &&
               std::ranges::all_of(found.products(), [](const auto& each) { return each.price().minor_units() == 1'000 + raises; });
      },
      "search to know the last prices", 60s);
  for (const auto& service : mall.running()) {
    pkg::testing::wait_until([&] { return waiting_in_outbox(mall, service) == 0; }, service + " to have published everything", 30s);
    EXPECT_EQ(mall.database(service).sql("select count(*) from parked_messages where state = 'dead'"), "0") << service;
  }
  std::printf("%lld ms until all was made up for; memory grew by (MiB) %s\n",
              static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count()),
              memory.growth().c_str());
  memory.expect_growth_below(96);
  expect_in_order(all_that_was_said(mall.nats.url()));
}

}  // namespace
}  // namespace mall::testing
