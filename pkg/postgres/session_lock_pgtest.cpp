#include "pkg/postgres/session_lock.hpp"

#include <gtest/gtest.h>

#include "pkg/postgres/test_pool.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

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
