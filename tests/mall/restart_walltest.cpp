// Services that are restarted while people trade, behind nginx: whoever asks does not notice a rolling restart, and of a killed service
// only those notice something who asked that service.

#include <gtest/gtest.h>

#include <algorithm>

#include "pkg/testing/wait.hpp"
#include "tests/mall/crowd.hpp"
#include "tests/mall/trade.hpp"

namespace mall::testing {
namespace {

using std::chrono::microseconds;

class Restart : public ::testing::Test {
 protected:
  RunningMall mall{{.passes_sockets = true}};
  Nginx nginx{mall};
  Trade trade{mall, nginx};

  /// Everything that was accepted is decided, and what the shopper is told is not long in coming.
  void expect_all_decided() {
    std::vector<microseconds> took;
    for (const auto& [order, shopper, at] : trade.orders()) {
      const auto seen = shopper->await<Order>(
          "/orders/" + order, [](const Order& each) { return each.status() > Order::PENDING; }, "the order to be decided");
      EXPECT_NE(seen.status(), Order::REJECTED) << order << " " << seen.rejection_code();
      took.push_back(time_to_approval(*shopper, order, at));
    }
    std::printf("%zu orders, checkout to approved p50 %ld ms, p99 %ld ms, longest %ld ms\n", took.size(),
                quantile(took, 0.5).count() / 1000, quantile(took, 0.99).count() / 1000, quantile(took, 1).count() / 1000);
    for (const auto& service : mall.running())
      EXPECT_EQ(mall.database(service).sql("select count(*) from parked_messages where state = 'dead'"), "0") << service;
  }
};

TEST_F(Restart, OfAllNineOneAfterTheOtherIsNoticedByNobody) {
  // A call that goes into a connection just when it closes is rare, so each service has its turn several times.
  constexpr int rounds = is_sanitized ? 2 : 5;
  trade.await_orders(20);
  std::map<std::string, RunningMall::Restarted> longest;
  for (int round = 0; round < rounds; ++round) {
    for (const auto& service : mall.running()) {
      const auto times = mall.restart(service);
      trade.await_orders(4);
      auto& so_far = longest[service];
      so_far = {std::max(so_far.until_ready, times.until_ready), std::max(so_far.until_ended, times.until_ended)};
    }
  }
  for (const auto& [service, times] : longest)
    std::printf("%-13s ready after %ld ms at most, the one before ended within %ld ms\n", service.c_str(), times.until_ready.count(),
                times.until_ended.count());
  expect_all_decided();
  EXPECT_EQ(faults_of(trade.take_answers()), "");
}

TEST_F(Restart, AfterAKillIsNoticedByNobodyWhoDidNotAskThatService) {
  trade.await_orders(20);
  for (const auto& service : mall.running()) {
    auto others = trade.take_answers();
    EXPECT_EQ(faults_of(others), "") << "before " << service << " was killed";
    mall.process(service).kill();
    mall.start(service);
    trade.await_orders(10);
    others = trade.take_answers();
    Answers own;
    if (const auto found = others.find(service); found != others.end()) own.insert(others.extract(found));
    std::printf("%-13s killed: %s\n", service.c_str(), own.empty() || faults_of(own).empty() ? "not noticed" : faults_of(own).c_str());
    EXPECT_EQ(faults_of(others), "") << service << " was killed";
  }
  expect_all_decided();
}

}  // namespace
}  // namespace mall::testing
