#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

#include "pkg/rpc/workers.hpp"

namespace pkg::rpc {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Workers, RefuseWhatDoesNotFitIntoTheQueue) {
  std::promise<void> go;
  std::promise<void> begun;
  Workers workers("test", {.threads = 1, .queue_limit = 1});
  ASSERT_TRUE(workers.try_post([&] {
    begun.set_value();
    go.get_future().wait();
  }));
  ASSERT_EQ(begun.get_future().wait_for(5s), std::future_status::ready) << "the first job never began";
  EXPECT_TRUE(workers.try_post([] {})) << "one may wait";
  EXPECT_FALSE(workers.try_post([] {})) << "the queue holds one";
  EXPECT_TRUE(workers.try_post([] {}, Workers::Kind::read)) << "calls took the place of a read";
  EXPECT_FALSE(workers.try_post([] {}, Workers::Kind::read)) << "the queue holds one read";
  EXPECT_EQ(workers.waiting(), 2u);
  go.set_value();
  EXPECT_TRUE(workers.stop(steady_clock::now() + 5s));
}

TEST(Workers, ReadNoMoreAtATimeThanTheyMayAndDoTheRestMeanwhile) {
  std::promise<void> go, begun, called;
  std::atomic<bool> has_read_again = false;
  Workers workers("test", {.threads = 2, .reads_at_once = 1, .queue_limit = 10});
  ASSERT_TRUE(workers.try_post(
      [&] {
        begun.set_value();
        go.get_future().wait();
      },
      Workers::Kind::read));
  ASSERT_EQ(begun.get_future().wait_for(5s), std::future_status::ready) << "the first read never began";
  ASSERT_TRUE(workers.try_post([&] { has_read_again = true; }, Workers::Kind::read));
  ASSERT_TRUE(workers.try_post([&] { called.set_value(); }));
  ASSERT_EQ(called.get_future().wait_for(5s), std::future_status::ready) << "the call waits behind the reads";
  EXPECT_FALSE(has_read_again) << "the thread that is left took the second read first";
  go.set_value();
  EXPECT_TRUE(workers.stop(steady_clock::now() + 5s));
  EXPECT_TRUE(has_read_again);
}

TEST(Workers, LeaveNoReadBehind) {
  std::atomic<int> read = 0, called = 0;
  Workers workers("test", {.threads = 4, .reads_at_once = 2, .queue_limit = 10'000});
  for (int i = 0; i < 2'000; ++i) {
    ASSERT_TRUE(workers.try_post([&] { ++read; }, Workers::Kind::read));
    if (i % 3 != 0) continue;
    ASSERT_TRUE(workers.try_post([&] { ++called; }));
  }
  const auto deadline = steady_clock::now() + 5s;
  while (read < 2'000 && steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(read, 2'000) << "a read waits though nobody reads";
  EXPECT_TRUE(workers.stop(steady_clock::now() + 5s));
  EXPECT_EQ(called, 667);
}

TEST(Workers, FinishWhatWasAcceptedBeforeTheyStop) {
  std::atomic<int> done = 0;
  Workers workers("test", {.threads = 3, .queue_limit = 1000});
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(workers.try_post([&] { ++done; }));
  EXPECT_TRUE(workers.stop(steady_clock::now() + 5s));
  EXPECT_EQ(done, 500);
  EXPECT_FALSE(workers.try_post([] {})) << "a job was taken after stop()";
}

TEST(Workers, DropWhatHasNotBegunAtTheDeadline) {
  std::promise<void> go;
  std::promise<void> begun;
  bool ran = false;
  auto token = std::make_shared<int>(1);  // shared by this test and the job, to see the job destroyed
  const std::weak_ptr<int> job_alive = token;
  {
    Workers workers("test", {.threads = 1, .queue_limit = 10});
    ASSERT_TRUE(workers.try_post([&] {
      begun.set_value();
      go.get_future().wait();
    }));
    ASSERT_EQ(begun.get_future().wait_for(5s), std::future_status::ready) << "the first job never began";
    ASSERT_TRUE(workers.try_post([&ran, token = std::move(token)] { ran = true; }));
    EXPECT_FALSE(workers.stop(steady_clock::now() + 10ms));
    EXPECT_TRUE(job_alive.expired()) << "the dropped job was not destroyed";
    go.set_value();
  }
  EXPECT_FALSE(ran);
}

TEST(WorkersDeathTest, StopTheProcessWhenAJobThrows) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        Workers workers("test", {.threads = 1, .queue_limit = 1});
        if (workers.try_post([] { throw std::runtime_error("nobody to tell"); })) workers.stop(steady_clock::now() + 5s);
      },
      "let an exception out: nobody to tell");
}

}  // namespace
}  // namespace pkg::rpc
