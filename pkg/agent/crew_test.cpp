#include "pkg/agent/crew.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

namespace pkg::agent {
namespace {

TEST(Crew, DoesEachOnceOnNoMoreThreadsThanAllowed) {
  std::mutex mutex;
  std::multiset<std::size_t> done;
  std::set<std::thread::id> threads;
  Crew crew(3, "task");
  crew.do_each(100, [&](std::size_t i) {
    const std::scoped_lock lock(mutex);
    done.insert(i);
    threads.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(done.size(), 100u);
  EXPECT_EQ(std::set(done.begin(), done.end()).size(), 100u);
  EXPECT_LE(threads.size(), 3u);
}

TEST(Crew, DoesSoManyAtTheSameTimeRoundAfterRound) {
  Crew crew(4, "task");
  for (int round = 0; round < 3; ++round) {
    std::latch all_here(4);
    crew.do_each(4, [&](std::size_t) { all_here.arrive_and_wait(); });
  }
}

TEST(Crew, DoesAllOfARoundBeforeTheNextBegins) {
  Crew crew(4, "task");
  for (std::size_t round = 0; round < 2000; ++round) {
    const std::size_t count = round % 7;
    std::atomic<std::size_t> done = 0;
    crew.do_each(count, [&](std::size_t) { ++done; });
    ASSERT_EQ(done, count) << "round " << round;
  }
}

TEST(Crew, NeedsNoOtherThreadForOne) {
  std::thread::id by;
  Crew crew(4, "task");
  crew.do_each(1, [&](std::size_t) { by = std::this_thread::get_id(); });
  EXPECT_EQ(by, std::this_thread::get_id());
  crew.do_each(0, [](std::size_t) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace pkg::agent
