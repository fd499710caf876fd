#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>

#include "pkg/rpc/workers.hpp"

namespace pkg::rpc {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(Workers, RefuseWhatDoesNotFitIntoTheQueue) {
  std::promise<void> go;
  std::promise<void> begun;
  Workers workers("test", 1, 1);
  ASSERT_TRUE(workers.try_post([&] {
    begun.set_value();
    go.get_future().wait();
  }));
  ASSERT_EQ(begun.get_future().wait_for(5s), std::future_status::ready) << "the first job never began";
  EXPECT_TRUE(workers.try_post([] {})) << "one may wait";
  EXPECT_FALSE(workers.try_post([] {})) << "the queue holds one";
  EXPECT_EQ(workers.waiting(), 1u);
  go.set_value();
  EXPECT_TRUE(workers.stop(steady_clock::now() + 5s));
}

TEST(Workers, FinishWhatWasAcceptedBeforeTheyStop) {
  std::atomic<int> done = 0;
  Workers workers("test", 3, 1000);
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
    Workers workers("test", 1, 10);
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
        Workers workers("test", 1, 1);
        if (workers.try_post([] { throw std::runtime_error("nobody to tell"); })) workers.stop(steady_clock::now() + 5s);
      },
      "let an exception out: nobody to tell");
}

}  // namespace
}  // namespace pkg::rpc
