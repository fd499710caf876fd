#include "pkg/grpc/event_engine.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "pkg/testing/wait.hpp"

namespace pkg::grpc {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds patience{10};

class EventEngineTest : public ::testing::Test {
 protected:
  /// Of tasks; the names in the order in which they were done.
  auto note(std::string name) {
    return [this, name] {
      const std::scoped_lock lock(mutex_);
      done_ += name;
    };
  }
  std::string done() {
    const std::scoped_lock lock(mutex_);
    return done_;
  }
  /// Until all that is due has been done.
  void flush() {
    std::promise<void> reached;
    engine_->Run([&] { reached.set_value(); });
    ASSERT_EQ(reached.get_future().wait_for(patience), std::future_status::ready);
  }

  std::optional<EventEngine> engine_{std::in_place};

 private:
  std::mutex mutex_;
  std::string done_;
};

struct Counting final : EventEngine::Closure {
  void Run() override { ++runs; }
  std::atomic<int> runs = 0;
};

TEST_F(EventEngineTest, DoesTasksInTheirOrder) {
  for (const auto* name : {"a", "b", "c"}) engine_->Run(note(name));
  flush();
  EXPECT_EQ(done(), "abc");
}

TEST_F(EventEngineTest, WakesForATaskThatComesWhileNoneIsThere) {
  for (int i = 0; i < 100 && !HasFatalFailure(); ++i) flush();
}

TEST_F(EventEngineTest, DoesWhatIsDueEarlierFirst) {
  engine_->RunAfter(milliseconds(60), note("b"));
  engine_->RunAfter(milliseconds(30), note("a"));
  engine_->RunAfter(hours(1), note("never"));
  pkg::testing::wait_until([&] { return done() == "ab"; }, "both, the earlier first");
}

TEST_F(EventEngineTest, DoesNothingBeforeItIsDue) {
  std::promise<steady_clock::time_point> done;
  const auto began = steady_clock::now();
  engine_->RunAfter(milliseconds(20), [&] { done.set_value(steady_clock::now()); });
  EXPECT_GE(done.get_future().get() - began, milliseconds(20));
}

TEST_F(EventEngineTest, RunsAClosureAndLeavesItToItsOwner) {
  Counting at_once;
  Counting soon;
  engine_->Run(&at_once);
  engine_->RunAfter(milliseconds(1), &soon);
  pkg::testing::wait_until([&] { return at_once.runs == 1 && soon.runs == 1; }, "both closures");
}

TEST_F(EventEngineTest, WhatIsCancelledIsNotDone) {
  const auto handle = engine_->RunAfter(milliseconds(5), note("cancelled"));
  const bool in_time = engine_->Cancel(handle);
  std::promise<void> later;
  engine_->RunAfter(milliseconds(10), [&] { later.set_value(); });
  ASSERT_EQ(later.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(done(), in_time ? "" : "cancelled");
  EXPECT_FALSE(engine_->Cancel(handle));
}

TEST_F(EventEngineTest, WhatACancelledTaskHoldsMayComeBackToTheEngineAsItEnds) {
  const auto comes_back = [this](int* held) {
    delete held;
    engine_->Run(note("back"));
  };
  const auto handle = engine_->RunAfter(hours(1), [held = std::unique_ptr<int, decltype(comes_back)>(new int, comes_back)] {});
  EXPECT_TRUE(engine_->Cancel(handle));
  pkg::testing::wait_until([&] { return done() == "back"; }, "what came back");
}

TEST_F(EventEngineTest, WhatIsDoneCannotBeCancelled) {
  const auto handle = engine_->RunAfter({}, note("a"));
  flush();
  EXPECT_FALSE(engine_->Cancel(handle));
  EXPECT_EQ(done(), "a");
}

TEST_F(EventEngineTest, TheTimeThatNeverComesIsKept) {
  const auto handle = engine_->RunAfter(EventEngine::Duration::max(), note("never"));
  flush();
  EXPECT_TRUE(engine_->Cancel(handle));
  EXPECT_EQ(done(), "");
}

TEST_F(EventEngineTest, ATimeInThePastIsNow) {
  engine_->RunAfter(EventEngine::Duration::min(), note("a"));
  pkg::testing::wait_until([&] { return done() == "a"; }, "what was due before");
}

TEST_F(EventEngineTest, KnowsItsThread) {
  std::promise<bool> inside;
  engine_->Run([&] { inside.set_value(engine_->IsWorkerThread()); });
  EXPECT_TRUE(inside.get_future().get());
  EXPECT_FALSE(engine_->IsWorkerThread());
}

TEST_F(EventEngineTest, ATaskMayGiveAndCancelOthers) {
  std::promise<void> over;
  engine_->Run([&] {
    const auto handle = engine_->RunAfter(hours(1), note("never"));
    EXPECT_TRUE(engine_->Cancel(handle));
    engine_->Run([&] { over.set_value(); });
  });
  EXPECT_EQ(over.get_future().wait_for(patience), std::future_status::ready);
}

TEST_F(EventEngineTest, EndsWithTasksLeft) {
  auto held = std::make_shared<int>(1);  // shared with the task
  engine_->RunAfter(hours(1), [held] {});
  engine_.reset();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(EventEngineTest, ItsOwnThreadMayBeTheLastToLetGo) {
  std::promise<void> over;
  engine_->Run([&] {
    engine_.reset();
    over.set_value();
  });
  EXPECT_EQ(over.get_future().wait_for(patience), std::future_status::ready);
}

}  // namespace
}  // namespace pkg::grpc
