#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/hops.hpp"
#include "bench/load.hpp"
#include "bench/report.hpp"
#include "bench/spread.hpp"
#include "bench/usage.hpp"
#include "tests/mall/crowd.hpp"

namespace mall::bench {
namespace {

using namespace std::chrono_literals;
using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SpreadOf, TakesTheSmallestThatTheShareDoesNotExceed) {
  Times times;
  for (int i = 100; i >= 1; --i) times.push_back(std::chrono::milliseconds(i));
  const auto spread = spread_of(times);
  EXPECT_EQ(spread.count, 100u);
  EXPECT_THAT(spread.p50, DoubleEq(50));
  EXPECT_THAT(spread.p99, DoubleEq(99));
  EXPECT_THAT(spread.most, DoubleEq(100));
  EXPECT_THAT(spread_of({7ms}).p50, DoubleEq(7));
  EXPECT_EQ(spread_of({}).count, 0u);
}

constexpr const char* exposition = R"(# TYPE mallbots_hop_seconds histogram
mallbots_hop_seconds_count{service="a",hop="publish"} 10
mallbots_hop_seconds_sum{service="a",hop="publish"} 0.02
mallbots_hop_seconds_bucket{service="a",hop="publish",le="0.001"} 4
mallbots_hop_seconds_bucket{service="a",hop="publish",le="0.002"} 8
mallbots_hop_seconds_bucket{service="a",hop="publish",le="+Inf"} 10
mallbots_batch_messages_bucket{service="a",le="1"} 3
mallbots_batch_messages_bucket{service="a",le="+Inf"} 3
mallbots_batch_messages_sum{service="a"} 3
mallbots_messages_total{service="a"} 5
)";

TEST(Hops, AreAddedUpOverServicesAndTakenFromEachOther) {
  Hops hops;
  add_hops(exposition, hops);
  const auto before = hops;
  add_hops(exposition, hops);
  const auto hop = hops.at("publish");
  EXPECT_THAT(hop.count(), DoubleEq(20));
  EXPECT_THAT(hop.mean(), DoubleEq(0.002));
  EXPECT_THAT(hop.quantile(0.2), DoubleEq(0.0005));
  EXPECT_THAT(hop.quantile(0.6), DoubleEq(0.0015));
  EXPECT_THAT(hop.quantile(0.99), DoubleEq(0.002)) << "beyond the last limit nothing more is known";
  EXPECT_THAT((hops - before).at("publish").count(), DoubleEq(10));
  EXPECT_THAT((hops - before).at("batch").mean(), DoubleEq(1));
  EXPECT_EQ(hops.size(), 2u);
}

Figures some_figures() {
  Figures figures;
  figures.row_commits = {.wanted = 2, .pairs = {{10'400, 9'600}, {12'000, 9'000}, {9'600, 10'400}}};
  figures.handler_ms = {.wanted = 1, .pairs = {{0.48, 0.52}}};
  figures.broker.to_another_process = {.count = 1, .p50 = 0.25, .p90 = 0.3, .p99 = 0.4, .most = 1};
  figures.idle = {.count = 1, .p50 = 20.5, .p90 = 21, .p99 = 30, .most = 31};
  figures.full = {.buyers = 16, .approved = 200, .completed = 190, .orders = 1000, .seconds = 5};
  figures.full.used.commits = 5000;
  figures.bare_nginx = 20'000;
  figures.gets = 10'000;
  return figures;
}

TEST(FullLoad, IsWithThoseWhoseOrdersComeToTheirEndsFastest) {
  const auto tried = [](int buyers, double sustained) {
    return Closed{.buyers = buyers, .approved = sustained + 5, .completed = sustained};
  };
  EXPECT_EQ(full_load(std::vector{tried(16, 60), tried(48, 120), tried(96, 115), tried(192, 100)}), 48);
  EXPECT_EQ(full_load(std::vector{tried(4, 0)}), 4);
}

TEST(FullLoad, IsSeveralWindowsAsIfTheyWereOne) {
  using namespace std::chrono_literals;
  const Usage used{.commits = 1, .flushes = 2, .wal_bytes = 3, .messages = 4, .records = 5, .cpu_ms = {{"postgres", 5}}};
  const Closed slow{96, 100, 90, 10, 30, {}, used, 100, 1, {1ms}}, fast{96, 200, 210, 20, 20, {}, used, 600, 3, {2ms, 3ms}};
  const auto all = taken_together(std::vector{slow, fast});
  EXPECT_EQ(all.buyers, 96);
  EXPECT_THAT(all.approved, DoubleEq(175));
  EXPECT_THAT(all.completed, DoubleEq((90 + 3 * 210) / 4.0));
  EXPECT_THAT(all.backlog_before, DoubleEq(15));
  EXPECT_THAT(all.backlog_after, DoubleEq(25));
  EXPECT_THAT(all.latency.p50, DoubleEq(2));
  EXPECT_THAT(all.used.commits, DoubleEq(2));
  EXPECT_THAT(all.used.cpu_ms.at("postgres"), DoubleEq(10));
}

// The backends of the meter's own questions end while PostgreSQL's processes are looked through.
TEST(CpuTime, OfAProcessThatIsGoneIsNothing) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_EQ(testing::cpu_time_of(child).count(), 0);
}

TEST(Goals, AreRatiosToTheFloorOfTheSameRun) {
  const auto figures = some_figures();
  EXPECT_THAT(figures.order_floor_ms(), DoubleEq(14 * 0.5 + 13 * 0.25));
  const auto goals = goals_of(figures);
  const auto value = [&](const std::string& id) { return std::ranges::find(goals, id, &Goal::id)->value; };
  EXPECT_THAT(value("idle_latency"), DoubleEq(2));
  EXPECT_THAT(value("capacity"), DoubleEq(190 * 15 / 10'000.0)) << "what is not completed piles up";
  EXPECT_THAT(value("commits_per_order"), DoubleEq(5));
  EXPECT_THAT(value("get_product"), DoubleEq(0.5));
}

TEST(FloorAround, CountsWhereEnoughOfItStoodStill) {
  FloorAround floor{.wanted = 2, .pairs = {{10'000, 10'900}, {10'900, 12'100}}};
  EXPECT_THAT(floor.pairs[1].moved(), DoubleNear(0.11, 0.001));
  EXPECT_FALSE(floor.counts());
  EXPECT_THAT(floor.mean(), DoubleEq((10'450 + 11'500) / 2.0)) << "all of it, where it counts for nothing anyway";
  floor.pairs.push_back({12'100, 11'500});
  EXPECT_TRUE(floor.counts());
  EXPECT_THAT(floor.mean(), DoubleEq((10'450 + 11'800) / 2.0));
  EXPECT_FALSE((FloorAround::Pair{10'000, 8'900}.agrees()));
}

TEST(FloorAround, IsTakenUntilEnoughOfItStoodStill) {
  FloorAround floor{.wanted = 2, .pairs = {}};
  std::vector<double> floors{100, 120, 125, 90, 95, 95};
  const auto next = [i = 0, &floors]() mutable { return floors.at(static_cast<std::size_t>(i++)); };
  EXPECT_THAT(measure_between(floor, 9, next, [i = 0]() mutable { return ++i; }), ElementsAre(2, 4));
  EXPECT_EQ(floor.pairs.size(), 4u) << "and no longer";
}

TEST(FloorAround, IsGivenUpAfterSoManyTimes) {
  FloorAround floor{.wanted = 2, .pairs = {}};
  const auto next = [i = 100]() mutable { return i *= 2; };
  EXPECT_THAT(measure_between(floor, 3, next, [i = 0]() mutable { return ++i; }), ElementsAre(1, 2, 3));
  EXPECT_FALSE(floor.counts());
}

TEST(Goals, AreOfWhatWasMeasured) {
  Figures figures;
  EXPECT_THAT(goals_of(figures), IsEmpty());
  EXPECT_TRUE(figures.counts());
  figures.gets = 10'000;
  figures.bare_nginx = 20'000;
  EXPECT_THAT(goals_of(figures), ElementsAre(Field(&Goal::id, "get_product")));
}

TEST(Goals, DoNotHoldWhereNothingCameOfWhatWasMeasured) {
  auto figures = some_figures();
  figures.full = {.buyers = 16, .seconds = 5};
  figures.gets = 0;
  const auto goals = goals_of(figures);
  for (const auto* id : {"capacity", "get_product"}) EXPECT_FALSE(std::ranges::find(goals, id, &Goal::id)->holds()) << id;
}

TEST(Goals, HoldOnTheRightSideOfTheirLimits) {
  const Goal less{.id = "a", .what = "a", .value = 3, .unit = "", .hold = 3, .aim = 1, .less_is_better = true};
  const Goal more{.id = "b", .what = "b", .value = 0.2, .unit = "", .hold = 0.25, .aim = 0.5, .less_is_better = false};
  EXPECT_TRUE(less.holds());
  EXPECT_FALSE(less.reaches_aim());
  EXPECT_THAT(less.distance_to_aim(), DoubleEq(3));
  EXPECT_FALSE(more.holds());
  EXPECT_THAT(more.distance_to_aim(), DoubleEq(2.5));
}

TEST(Report, SaysWhereAFloorMovedTooFarAndWhatDoesNotHold) {
  auto figures = some_figures();
  EXPECT_THAT(for_people(figures, {}), Not(HasSubstr("counts for nothing")));
  EXPECT_THAT(for_people(figures, {}), Not(HasSubstr("DOES NOT HOLD")));
  EXPECT_TRUE(figures.counts());
  figures.row_commits.pairs = {{10'000, 8'000}, {8'000, 8'000}};
  figures.idle.p50 = 40;
  EXPECT_THAT(for_people(figures, {}), HasSubstr("counts for nothing"));
  EXPECT_THAT(for_people(figures, {}), HasSubstr("DOES NOT HOLD"));
}

TEST(CpuWithChildren, CountsThoseThatHaveEnded) {
  constexpr auto work = 200ms;
  const auto before = cpu_with_children(::getpid());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    while (testing::cpu_time_of(::getpid()) < work) continue;
    ::_exit(0);
  }
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_GE(cpu_with_children(::getpid()) - before, work - 20ms);  // two ticks
}

TEST(Picture, ShowsWhereLatencyRises) {
  std::vector<Open> steps(2);
  steps[0] = {.share = 0.2, .latency = {.count = 1, .p50 = 10, .p90 = 10, .p99 = 10, .most = 10}};
  steps[1] = {.share = 1.2, .latency = {.count = 1, .p50 = 100, .p90 = 500, .p99 = 1000, .most = 1000}};
  const auto picture = picture_of_the_knee(steps);
  EXPECT_THAT(picture, HasSubstr("1000 ms |             9"));
  EXPECT_THAT(picture, HasSubstr("20%   120%"));
}

}  // namespace
}  // namespace mall::bench
