#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "pkg/grpc/test_bed.hpp"

namespace pkg::grpc::testing {
namespace {

using namespace std::chrono_literals;
using errors::ErrorKind;

TEST(Call, BringsTheCauseTheVersionAndTheDeadline) {
  TestBed bed;
  CallOptions options{.timeout = 5s, .if_match = 7};
  options.cause = {"r-1", "m-2", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
  const auto answer = bed.call(echo, "hello", options);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->text(), "hello");
  EXPECT_EQ(answer->correlation_id(), "r-1");
  EXPECT_EQ(answer->causation_id(), "m-2");
  EXPECT_EQ(answer->traceparent(), options.cause.traceparent);
  EXPECT_EQ(answer->if_match(), 7u);
  EXPECT_GT(answer->milliseconds_left(), 0);
  EXPECT_LE(answer->milliseconds_left(), 5'500) << "it travels as a duration, rounded up";
}

TEST(Call, GetsACorrelationIdWhereItBringsNone) {
  TestBed bed;
  const auto answer = bed.call(echo);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->correlation_id(), ids::CountingIds::nth(1).to_string());
}

TEST(Call, EndsAtItsDeadlineThoughTheHandlerGoesOn) {
  TestBed bed;
  const auto answer = bed.call(hold, "", {.timeout = 50ms});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(answer.error().code, "deadline_exceeded");
}

TEST(Call, KeepsTheEarlierOfItsTwoDeadlines) {
  TestBed bed;
  CallOptions options{.timeout = 60s};
  options.deadline = std::chrono::steady_clock::now() + 50ms;
  EXPECT_EQ(bed.call(hold, "", options).error().code, "deadline_exceeded");
}

TEST(Call, FailsAtOnceWhereNobodyListensAndNoRetryIsWanted) {
  const Channel channel({.target = "127.0.0.1:1"});
  const auto answer = Client(channel).call<Ask, Answer>(echo, Ask{}, {.timeout = 5s, .retries = 0});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(answer.error().code, "unavailable");
}

TEST(Call, IsTriedAgainUntilAServerThatIsLateListens) {
  std::string address;
  {
    TestBed bed;
    address = bed.target();
  }
  const Channel channel({.target = address});
  auto late =
      std::async(std::launch::async, [&] { return Client(channel).call<Ask, Answer>(echo, Ask{}, {.timeout = 10s, .retries = 100}); });
  EXPECT_EQ(late.wait_for(100ms), std::future_status::timeout) << "it gave up before the server came";
  TestBed bed({.server = {.address = address}});
  ASSERT_EQ(late.wait_for(patience), std::future_status::ready) << "the call never found the server";
  EXPECT_TRUE(late.get());
}

TEST(Call, FindsAServerThatCameBack) {
  std::optional<TestBed> bed(std::in_place);
  const auto address = bed->target();
  const Channel channel({.target = address});
  const Client client(channel);
  ASSERT_TRUE((client.call<Ask, Answer>(echo, Ask{})));
  bed.reset();
  EXPECT_FALSE((client.call<Ask, Answer>(echo, Ask{}, {.retries = 0})));
  bed.emplace(BedOptions{.server = {.address = address}});
  EXPECT_TRUE((client.call<Ask, Answer>(echo, Ask{}, {.timeout = 10s, .retries = 100})));
}

TEST(Call, DoesNotNoticeThatThePeerWasAwayForAsLongAsARestartTakes) {
  std::optional<TestBed> bed(std::in_place);
  const auto address = bed->target();
  const Channel channel({.target = address});
  const Client client(channel);
  ASSERT_TRUE((client.call<Ask, Answer>(echo, Ask{})));
  bed.reset();
  auto meanwhile = std::async(std::launch::async, [&] { return client.call<Ask, Answer>(echo, Ask{}); });
  EXPECT_EQ(meanwhile.wait_for(500ms), std::future_status::timeout) << "it gave up before the server was back";
  bed.emplace(BedOptions{.server = {.address = address}});
  const auto answer = meanwhile.get();
  EXPECT_TRUE(answer) << answer.error().detail;
}

TEST(Call, DoesNotNoticeThatOneProcessTookOverFromAnother) {
  auto serving = std::make_unique<TestBed>(BedOptions{.server = {.shares_port = true}});
  const auto address = serving->target();
  const Channel channel({.target = address});
  const Client client(channel);
  std::atomic<int> answered = 0, failed = 0;
  std::jthread caller([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) ++(client.call<Ask, Answer>(echo, Ask{}) ? answered : failed);
  });
  for (int change = 0; change < 5; ++change) {
    serving = std::make_unique<TestBed>(BedOptions{.server = {.address = address, .shares_port = true}});
    const auto until = std::chrono::steady_clock::now() + patience;
    for (const int so_far = answered; answered < so_far + 20;)
      ASSERT_LT(std::chrono::steady_clock::now(), until) << "nobody answers any more";
  }
  caller.request_stop();
  caller.join();
  EXPECT_EQ(failed, 0) << "of " << answered;
}

TEST(Call, IsNotTriedAgainForAnythingButUnavailable) {
  TestBed bed;
  bed.failure = errors::Error{ErrorKind::too_many, "slow_down", "Slow down.", {}};
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(bed.call(fail, "", {.timeout = 10s, .retries = 100}).error().code, "slow_down");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST(CallDeathTest, StopsTheProcessForAMethodOrTypeThatTheProtoDoesNotHave) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const Channel channel({.target = "127.0.0.1:1"});
  const Client client(channel);
  EXPECT_DEATH((client.call<Ask, Answer>("mallbots.grpctest.v1.Desk.Sleep", Ask{})), "no call 'mallbots.grpctest.v1.Desk.Sleep'");
  EXPECT_DEATH((client.call<Answer, Answer>(echo, Answer{})), "takes mallbots.grpctest.v1.Ask");
}

}  // namespace
}  // namespace pkg::grpc::testing
