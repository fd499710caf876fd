// What a run of chaos rests on, without a mall: the schedule, the plans, the clients' log read back, the figures.

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/chaos/client_log.hpp"
#include "tests/chaos/figures.hpp"
#include "tests/chaos/ledger.hpp"
#include "tests/chaos/plan.hpp"

namespace mall::chaos {
namespace {

using std::chrono::milliseconds;

const Targets targets{.services = {"users", "stores"}, .routes = {"users-nats"}};

std::string show(const std::vector<Fault>& faults) {
  std::string text;
  for (const auto& fault : faults) text += to_json(fault) + "\n";
  return text;
}

TEST(Schedule, FollowsFromTheSeedAlone) {
  const auto mix = usual_mix(1000);
  const auto one = show(make_schedule(7, mix, milliseconds{60'000}, targets));
  EXPECT_EQ(show(make_schedule(7, mix, milliseconds{60'000}, targets)), one);
  EXPECT_NE(show(make_schedule(8, mix, milliseconds{60'000}, targets)), one);
}

TEST(Schedule, HasAsManyOfEachKindAsWasAskedForInTheirOrder) {
  const auto mix = read_mix("kill=20,wipe=3,delay=5");
  const auto faults = make_schedule(1, mix, milliseconds{60'000}, targets);
  Mix made;
  for (const auto& fault : faults) ++made[fault.kind];
  EXPECT_EQ(made, mix);
  EXPECT_TRUE(std::ranges::is_sorted(faults, {}, &Fault::at));
  for (const auto& fault : faults) {
    EXPECT_LE(fault.at, milliseconds{60'000});
    if (fault.kind == FaultKind::kill) EXPECT_TRUE(fault.target == "users" || fault.target == "stores");
    if (fault.kind == FaultKind::delay) EXPECT_TRUE(fault.target == "users-nats" && fault.length.count() > 0 && fault.number > 0);
  }
}

TEST(Schedule, HasFiveHundredKillsAndTenWipesInTenThousandOrders) {
  EXPECT_GE(usual_mix(10'000)[FaultKind::kill], 500);
  EXPECT_GE(usual_mix(10'000)[FaultKind::wipe], 10);
  EXPECT_EQ(usual_mix(10'000).size(), all_kinds().size());
}

TEST(Mixes, AreReadAsTheyAreShown) {
  EXPECT_EQ(show(read_mix("kill=2,wipe=1")), "kill=2,wipe=1");
  EXPECT_EQ(show(read_mix("none")), "none");
  for (const auto* wrong : {"kill", "kill=", "kill=x", "kill=-1", "flood=1", "kill=1;wipe=1", ","})
    EXPECT_THROW(read_mix(wrong), std::invalid_argument) << wrong;
}

TEST(Plans, FollowFromTheSeedAndAreOfEveryKind) {
  std::set<PlanKind> kinds;
  for (int number = 0; number < 500; ++number) {
    const auto plan = make_plan(3, number, 12, 6);
    EXPECT_EQ(plan.lines, make_plan(3, number, 12, 6).lines);
    EXPECT_EQ(plan.kind, make_plan(3, number, 12, 6).kind);
    kinds.insert(plan.kind);
    std::set<std::size_t> products;
    for (const auto& [at, quantity] : plan.lines) {
      EXPECT_TRUE(products.insert(at).second) << "each product once";
      EXPECT_TRUE(at < 18 && quantity > 0);
      if (plan.kind != PlanKind::scarce) EXPECT_LT(at, 12u);
    }
  }
  EXPECT_EQ(kinds.size(), 9u);
}

class Ledger : public ::testing::Test {
 protected:
  ~Ledger() override { std::filesystem::remove(file_); }
  Line line(std::string_view what, std::string_view of) { return {1, what, of}; }
  OrderFacts read() {
    const auto orders = read_ledger(file_);
    EXPECT_EQ(orders.size(), 1u);
    return orders.empty() ? OrderFacts{} : orders.front();
  }
  const std::filesystem::path file_ = std::filesystem::temp_directory_path() / ("ledger-" + std::to_string(::getpid()) + ".jsonl");
  ClientLog log_{file_};
};

TEST_F(Ledger, HasWhatWasAcknowledgedAndNothingElse) {
  log_.write(line("begin", "plain").with("user", "sam").with("total", 200).with_json("lines", R"([["tea",2,100]])"));
  log_.write(line("answer", "authorize").with("status", 503));
  log_.write(line("answer", "authorize").with("status", 201).with("id", "money"));
  log_.write(line("answer", "basket").with("status", 201).with("id", "b1"));
  log_.write(line("answer", "item").with("status", 200));
  log_.write(line("ask", "checkout").with_json("body", R"({"paymentId":"money"})"));
  log_.write(line("answer", "checkout").with("status", 0));
  auto facts = read();
  EXPECT_EQ(facts.payments, std::vector<std::string>{"money"});
  EXPECT_EQ(facts.basket, "b1");
  EXPECT_EQ(facts.items, 1u);
  EXPECT_EQ(facts.lines.size(), 1u);
  EXPECT_TRUE(facts.checkout_asked);
  EXPECT_FALSE(facts.checked_out) << "nobody has said so";
  EXPECT_EQ(facts.payment, "money");

  log_.write(line("seen", "checkout"));
  log_.write(line("answer", "cancel").with("status", 409).with("code", "order_not_cancelable"));
  log_.write(line("seen", "decided").with("status", "READY").with("decidedAt", 5));
  log_.write(line("answer", "pay").with("status", 200).with("id", "i1"));
  log_.write(line("end", "COMPLETED"));
  facts = read();
  EXPECT_TRUE(facts.checked_out);
  EXPECT_FALSE(facts.canceled);
  EXPECT_TRUE(facts.paid);
  EXPECT_EQ(facts.decided_at, 5);
  EXPECT_EQ(facts.end, "COMPLETED");
}

TEST_F(Ledger, IsNotReadWhereALineIsBroken) {
  std::ofstream(file_) << R"({"order":1,"begin":)" << "\n";
  EXPECT_THROW(read_ledger(file_), std::runtime_error);
}

OrderFacts order(Millis asked, Millis acknowledged, Millis decided) {
  OrderFacts facts;
  facts.checked_out = true;
  facts.asked_at = asked, facts.checked_out_at = acknowledged, facts.decided_at = decided;
  return facts;
}

TEST(Figures, CountAnOrderAsStalledFromTheKillOrFromItsCheckout) {
  const std::vector<Hit> hits{{FaultKind::kill, "users", 1000}, {FaultKind::nats, "", 1500}};
  const std::vector<OrderFacts> orders{order(100, 110, 900),      // done before it
                                       order(900, 910, 1200),     // on its way: 200 ms
                                       order(1500, 1510, 1900),   // soon after it: 400 ms
                                       order(2500, 2510, 9000)};  // later
  const auto figures = figures_of(orders, hits, 2000);
  EXPECT_EQ(figures.stall.count, 2u);
  EXPECT_EQ(figures.stall.most, 400);
  EXPECT_EQ(figures.stalls.at("users").count, 2u);
  EXPECT_EQ(figures.decision.most, 6490);
  EXPECT_EQ(figures.slowest_after_last_fault, 0) << "the last order was acknowledged after it";
  EXPECT_EQ(figures_of(orders, hits, 1600).slowest_after_last_fault, 300);
}

TEST(Spreads, AreOfAllTheirValues) {
  EXPECT_EQ(spread_of({}).count, 0u);
  std::vector<Millis> values;
  for (Millis i = 1000; i > 0; --i) values.push_back(i);
  const auto spread = spread_of(values);
  EXPECT_EQ(spread.p50, 501);
  EXPECT_EQ(spread.p99, 991);
  EXPECT_EQ(spread.most, 1000);
}

}  // namespace
}  // namespace mall::chaos
