#include "pkg/postgres/session_lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "pkg/postgres/test_pool.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

using namespace std::chrono_literals;

class SessionLocks : public ::testing::Test {
 protected:
  pkg::testing::TestDatabase database_;
  ConnectionSettings settings_ = testing::options_for(database_.connection_string()).connection;
};

TEST_F(SessionLocks, HaveOneHolder) {
  {
    auto first = SessionLock::try_acquire(settings_, "relay");
    ASSERT_TRUE(first && *first);
    EXPECT_TRUE((*first)->held());
    auto second = SessionLock::try_acquire(settings_, "relay");
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
    auto other = SessionLock::try_acquire(settings_, "another");
    EXPECT_TRUE(other && *other);
  }
  pkg::testing::wait_until(
      [&] {
        auto next = SessionLock::try_acquire(settings_, "relay");
        return next && *next;
      },
      "the lock passes on when its holder is gone");
}

TEST_F(SessionLocks, AreWaitedForAndGotAtTheMomentAtWhichTheyAreFree) {
  auto first = SessionLock::try_acquire(settings_, "relay");
  ASSERT_TRUE(first && *first);
  auto patient = std::async(std::launch::async, [&] { return SessionLock::try_acquire(settings_, "relay", 9s); });
  pkg::testing::wait_until([&] { return database_.sql("select count(*) from pg_locks where not granted") == "1"; }, "it to wait");
  const auto began = std::chrono::steady_clock::now();
  first->reset();
  const auto second = patient.get();
  EXPECT_TRUE(second && *second);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
}

TEST_F(SessionLocks, AreWaitedForNoLongerThanForThePatience) {
  const auto first = SessionLock::try_acquire(settings_, "relay");
  ASSERT_TRUE(first && *first);
  const auto second = SessionLock::try_acquire(settings_, "relay", 50ms);
  ASSERT_TRUE(second) << second.error().detail;
  EXPECT_FALSE(*second);
}

TEST_F(SessionLocks, NoticeThatTheyWereLost) {
  auto lock = SessionLock::try_acquire(settings_, "relay");
  ASSERT_TRUE(lock && *lock);
  database_.terminate_backends();
  pkg::testing::wait_until([&] { return !(*lock)->held(); }, "the holder notices the loss");
  auto next = SessionLock::try_acquire(settings_, "relay");
  EXPECT_TRUE(next && *next);
}

}  // namespace
}  // namespace pkg::postgres
