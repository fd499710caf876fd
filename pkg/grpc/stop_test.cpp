#include <gtest/gtest.h>

#include <future>

#include "pkg/grpc/test_bed.hpp"

namespace pkg::grpc::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Stop, LetsARunningCallFinishAndRefusesNewOnes) {
  TestBed bed;
  auto running = std::async(std::launch::async, [&] { return bed.call(hold, "kept", {.timeout = 30s}); });
  ASSERT_TRUE(bed.gate.wait_for_waiting(1)) << "the call never reached its handler";
  auto stopped = std::async(std::launch::async, [&] { bed.server().stop(steady_clock::now() + 30s); });
  const auto until = steady_clock::now() + patience;
  while (bed.call(echo, "", {.retries = 0})) ASSERT_LT(steady_clock::now(), until) << "new calls are still taken";
  EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout) << "it stopped under a running call";
  bed.gate.open();
  const auto answer = running.get();
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->text(), "kept");
  EXPECT_EQ(stopped.wait_for(patience), std::future_status::ready) << "it did not stop after the last call";
}

TEST(Stop, CancelsAtTheDeadlineWhatStillRuns) {
  TestBed bed;
  auto running = std::async(std::launch::async, [&] { return bed.call(hold, "", {.timeout = 30s, .retries = 0}); });
  ASSERT_TRUE(bed.gate.wait_for_waiting(1)) << "the call never reached its handler";
  auto stopped = std::async(std::launch::async, [&] { bed.server().stop(steady_clock::now() + 50ms); });
  ASSERT_EQ(running.wait_for(patience), std::future_status::ready) << "the call was not cancelled";
  EXPECT_FALSE(running.get());
  bed.gate.open();
  EXPECT_EQ(stopped.wait_for(patience), std::future_status::ready) << "it did not stop after the handler had returned";
}

TEST(Stop, MayBeCalledTwiceAndWithNothingRunning) {
  TestBed bed;
  ASSERT_TRUE(bed.call(echo));
  const auto begun = steady_clock::now();
  bed.server().stop(begun + 10s);
  bed.server().stop(begun + 10s);
  bed.server().set_serving(true);
  EXPECT_LT(steady_clock::now() - begun, 5s) << "an idle server waited for its deadline";
}

}  // namespace
}  // namespace pkg::grpc::testing
