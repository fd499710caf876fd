#include "pkg/postgres/session_lock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
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

/// Waits for what its other thread, or the test, does; ten seconds are for a test that fails.
class AHeldLock : public SessionLocks {
 protected:
  void SetUp() override {
    auto lock = SessionLock::try_acquire(settings_, "relay");
    ASSERT_TRUE(lock && *lock);
    lock_ = std::move(*lock);
    ASSERT_EQ(pipe(interrupt_.data()), 0);
  }
  ~AHeldLock() override {
    for (const int end : interrupt_) close(end);
  }
  bool others() { return lock_->await_others(10s, interrupt_[0]); }
  std::future<bool> others_meanwhile() {
    return std::async(std::launch::async, [this] { return others(); });
  }
  void is_quick(std::future<bool> answer, bool expected) {
    ASSERT_EQ(answer.wait_for(5s), std::future_status::ready) << "await_others() still waits";
    EXPECT_EQ(answer.get(), expected);
  }

  std::optional<SessionLock> lock_;
  std::array<int, 2> interrupt_{-1, -1};
};

TEST_F(AHeldLock, HearsOfWhoeverWaitsForItThoughItWasWantedBeforeItListened) {
  ASSERT_FALSE(*SessionLock::try_acquire(settings_, "relay", 1ms));
  EXPECT_TRUE(others());
  auto answer = others_meanwhile();
  ASSERT_FALSE(*SessionLock::try_acquire(settings_, "relay", 1ms));
  is_quick(std::move(answer), true);
  EXPECT_TRUE(lock_->held());
  EXPECT_FALSE(lock_->await_others(0ms, -1)) << "it is told once";
}

TEST_F(AHeldLock, HearsOfWhoeverIsRefusedIt) {
  ASSERT_FALSE(*SessionLock::try_acquire(settings_, "relay"));
  EXPECT_TRUE(others());
}

TEST_F(AHeldLock, DoesNotMindOtherLocks) {
  ASSERT_TRUE(*SessionLock::try_acquire(settings_, "another", 1ms));
  EXPECT_FALSE(lock_->await_others(50ms, -1));
  EXPECT_TRUE(lock_->held());
}

TEST_F(AHeldLock, WaitsNoLongerThanUntilItIsLost) {
  auto answer = others_meanwhile();
  database_.terminate_backends();
  is_quick(std::move(answer), false);
  EXPECT_FALSE(lock_->held());
}

TEST_F(AHeldLock, WaitsNoLongerThanUntilItIsInterrupted) {
  auto answer = others_meanwhile();
  ASSERT_EQ(write(interrupt_[1], "!", 1), 1);
  is_quick(std::move(answer), false);
  EXPECT_TRUE(lock_->held());
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
