#include "pkg/agent/ticker.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "pkg/log/memory_logger.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::agent {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using NextRound = std::optional<milliseconds>;

class TickerTest : public ::testing::Test {
 protected:
  /// Counts its rounds, and fails in the first so many.
  Ticker::Task failing_first(int times) {
    return [this, times]() -> errors::Result<NextRound> {
      if (++rounds_ <= times) return errors::fail(errors::ErrorKind::unavailable, "away", "It is away.");
      return NextRound{};
    };
  }
  void await_rounds(int count) {
    pkg::testing::wait_until([&] { return rounds_ >= count; }, "so many rounds");
  }

  std::atomic<int> rounds_ = 0;
  log::MemoryLogger logger_;
};

TEST_F(TickerTest, DoesATaskAgainAndAgain) {
  Ticker ticker(logger_);
  ticker.every(milliseconds(1), "count", failing_first(0));
  ticker.start();
  await_rounds(3);
}

TEST_F(TickerTest, DoesATaskAtOnceWhenItIsWoken) {
  Ticker ticker(logger_);
  ticker.every(hours(1), "count", failing_first(0));
  ticker.start();
  ticker.wake("count");
  await_rounds(1);
}

TEST_F(TickerTest, DoesATaskWithinTheTimeItIsWokenForAndNoLaterThanItWouldHave) {
  Ticker ticker(logger_);
  ticker.every(hours(1), "soon", failing_first(0));
  ticker.start();
  const auto began = std::chrono::steady_clock::now();
  ticker.wake("soon", milliseconds(20));
  ticker.wake("soon", hours(2));
  ticker.wake("nobody");
  await_rounds(1);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(20));
}

TEST_F(TickerTest, WaitsAsLongAsTheTaskSays) {
  Ticker ticker(logger_);
  ticker.every(hours(1), "count", [this]() -> errors::Result<NextRound> {
    ++rounds_;
    return NextRound{milliseconds(1)};
  });
  ticker.start();
  ticker.wake("count");
  await_rounds(3);
}

TEST_F(TickerTest, DoesATaskThatFailedSoonAgainHoweverLongItsInterval) {
  Ticker ticker(logger_, milliseconds(1));
  ticker.every(hours(1), "count", failing_first(2));
  ticker.start();
  ticker.wake("count");
  await_rounds(3);
  ticker.stop();
  EXPECT_EQ(rounds_, 3) << "it works again, and its next time is in an hour";
  EXPECT_TRUE(logger_.has(log::Level::warn, "a periodic task fails; it is tried again"));
  EXPECT_TRUE(logger_.has(log::Level::info, "a periodic task works again"));
}

TEST_F(TickerTest, DoesATaskThatFailedAtItsNextTimeWhereThatIsSooner) {
  Ticker ticker(logger_, hours(1));
  ticker.every(milliseconds(1), "count", failing_first(2));
  ticker.start();
  await_rounds(3);
}

}  // namespace
}  // namespace pkg::agent
