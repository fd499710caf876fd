#include "pkg/metrics/metrics.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <ctime>
#include <thread>

#include "pkg/metrics/process_metrics.hpp"
#include "pkg/metrics/series.hpp"

namespace pkg::metrics {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(Registry, ExposesWhatWasCounted) {
  Registry registry(Labels{{"service", "baskets"}});
  const auto handled = registry.counters("mallbots_messages_handled_total", "Messages handled, by outcome.");
  handled.with({{"outcome", "done"}}).add(3);
  handled.with({{"outcome", "parked"}}).add();
  registry.gauge("mallbots_outbox_pending", "Rows not published yet.").set(7);
  const auto text = registry.exposition();
  EXPECT_THAT(text, HasSubstr("# TYPE mallbots_messages_handled_total counter\n"));
  EXPECT_THAT(text, HasSubstr("mallbots_messages_handled_total{service=\"baskets\",outcome=\"done\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("mallbots_messages_handled_total{service=\"baskets\",outcome=\"parked\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("mallbots_outbox_pending{service=\"baskets\"} 7\n"));
}

TEST(Registry, GivesTheSameMetricForTheSameName) {
  Registry registry;
  registry.counter("a_total", "a").add(2);
  registry.counter("a_total", "a").add(3);
  EXPECT_EQ(registry.counter("a_total", "a").value(), 5);
}

TEST(Series, FindsASeriesByItsValues) {
  Registry registry;
  const auto counters = registry.counters("a_total", "a");
  Series series(counters, {"method", "outcome"});
  for (int i = 0; i < 2; ++i) series.with({"get", "ok"}).add();
  series.with({"getok", ""}).add();
  series.with({"get", "late"}).add();
  EXPECT_EQ(counters.with({{"method", "get"}, {"outcome", "ok"}}).value(), 2);
  EXPECT_EQ(counters.with({{"method", "getok"}, {"outcome", ""}}).value(), 1);
  EXPECT_EQ(counters.with({{"method", "get"}, {"outcome", "late"}}).value(), 1);
}

TEST(Registry, EscapesLabelValues) {
  Registry registry;
  registry.counter("a_total", "a", {{"path", "x\"y\\z\n"}}).add();
  EXPECT_THAT(registry.exposition(), HasSubstr(R"(a_total{path="x\"y\\z\n"} 1)"));
}

TEST(Histogram, TakesDurationsInSecondsIntoItsBuckets) {
  Registry registry;
  const auto latency = registry.histogram("handle_seconds", "h");
  latency.observe(3ms);
  latency.observe(20s);
  const auto text = registry.exposition();
  EXPECT_THAT(text, HasSubstr("handle_seconds_count 2\n"));
  EXPECT_THAT(text, HasSubstr("handle_seconds_bucket{le=\"0.002\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("handle_seconds_bucket{le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("handle_seconds_bucket{le=\"+Inf\"} 2\n"));
}

TEST(Registry, CountsFromManyThreadsWithoutLosingAny) {
  Registry registry;
  const auto family = registry.counters("a_total", "a");
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) family.with({{"n", std::to_string(i % 3)}}).add();
      });
    }
  }
  EXPECT_EQ(family.with({{"n", "0"}}).value() + family.with({{"n", "1"}}).value() + family.with({{"n", "2"}}).value(), 4000);
}

TEST(RegistryDeathTest, StopsTheProgramOnANameThatTheFormatDoesNotKnow) {
  Registry registry;
  EXPECT_DEATH(registry.counter("not-a-name", "x"), "metric not-a-name");
  registry.counter("taken", "x");
  EXPECT_DEATH(registry.gauge("taken", "x"), "metric taken");
}

TEST(ProcessMetrics, AreThoseOfThisProcess) {
  const auto before = read_process();
  EXPECT_GT(before.resident_bytes, 1'000'000u);
  EXPECT_GT(before.virtual_bytes, before.resident_bytes);
  EXPECT_GE(before.threads, 1u);
  EXPECT_NEAR(before.start_time_seconds, static_cast<double>(std::time(nullptr)), 100);
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(read_process().open_fds, before.open_fds + 1);
  close(fd);
  EXPECT_GE(before.max_fds, before.open_fds);

  while (read_process().cpu_seconds <= before.cpu_seconds) {
    // Burns processor time until the kernel's clock has ticked; ctest's limit ends it if that never happens.
  }
  EXPECT_THAT(process_exposition(before), HasSubstr("# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes "));
  EXPECT_THAT(Registry().exposition(), HasSubstr("\nprocess_start_time_seconds "));
}

}  // namespace
}  // namespace pkg::metrics
