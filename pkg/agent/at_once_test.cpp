#include "pkg/agent/at_once.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

namespace pkg::agent {
namespace {

TEST(AtOnce, DoesEachOnceOnNoMoreThreadsThanAllowed) {
  std::mutex mutex;
  std::multiset<std::size_t> done;
  std::set<std::thread::id> threads;
  at_once(3, 100, "task", [&](std::size_t i) {
    const std::scoped_lock lock(mutex);
    done.insert(i);
    threads.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(done.size(), 100u);
  EXPECT_EQ(std::set(done.begin(), done.end()).size(), 100u);
  EXPECT_LE(threads.size(), 3u);
}

TEST(AtOnce, DoesSoManyAtTheSameTime) {
  std::latch all_here(4);
  at_once(4, 4, "task", [&](std::size_t) { all_here.arrive_and_wait(); });
}

TEST(AtOnce, NeedsNoOtherThreadForOne) {
  std::thread::id by;
  at_once(4, 1, "task", [&](std::size_t) { by = std::this_thread::get_id(); });
  EXPECT_EQ(by, std::this_thread::get_id());
  at_once(4, 0, "task", [](std::size_t) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace pkg::agent
