#include "pkg/saga/timer.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "pkg/saga/testing/memory_outbox.hpp"
#include "pkg/saga_engine/memory_saga_store.hpp"
#include "pkg/saga_engine/testing/sample_saga.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::saga {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Counts the units of work, and refuses some.
class CountingTransactor final : public uow::Transactor {
 public:
  errors::Result<> run(const uow::Cause& cause, const Work& work) override {
    if (++runs <= refused) return errors::fail(errors::ErrorKind::unavailable, "away", "Away.");
    return inner.run(cause, work);
  }
  std::atomic<int> runs = 0;
  int refused = 0;
  uow::MemoryTransactor inner;
};

class ATimer : public ::testing::Test {
 protected:
  static Definitions definitions() {
    auto definition = testing::trip_definition();
    for (auto& step : definition.steps) step.patience.first = milliseconds{30};
    return Definitions::make({definition}).value();
  }
  void start() {
    ASSERT_TRUE(transactor.inner.run_for({}, [&](uow::UnitOfWork& unit) { return coordinator.start(unit, "s1", testing::trip_data()); }));
  }
  void await_sent(std::size_t count) {
    std::size_t seen = 0;
    pkg::testing::wait_until([&] { return (seen += outbox.take_sent().size()) >= count; }, "a command that is sent again");
  }

  clock::SystemClock clock;
  CountingTransactor transactor;
  testing::MemoryOutbox outbox;
  MemorySagaStore store;
  Coordinator coordinator{definitions(), store, outbox, clock, {.source = "/t", .reply_channel = "r", .wake_grain = milliseconds{5}}};
};

TEST_F(ATimer, SendsAgainInTimeAndAsksNothingWhileNothingIsDue) {
  const Timer timer(coordinator, transactor, clock, {.sweep = hours{1}});
  pkg::testing::wait_until([&] { return transactor.runs == 1; }, "the look-up at the start");
  start();
  await_sent(2);
  EXPECT_LE(transactor.runs, 4) << "it polls";
}

TEST_F(ATimer, FindsWhatAnotherReplicaLeftByItsSweep) {
  Coordinator crashed{definitions(), store, outbox, clock, {.source = "/t", .reply_channel = "r"}};
  const Timer timer(coordinator, transactor, clock, {.sweep = milliseconds{20}});
  pkg::testing::wait_until([&] { return transactor.runs >= 1; }, "the look-up at the start");
  ASSERT_TRUE(transactor.inner.run_for({}, [&](uow::UnitOfWork& unit) { return crashed.start(unit, "s1", testing::trip_data()); }));
  await_sent(2);
}

TEST_F(ATimer, TriesAgainAfterAFailure) {
  transactor.refused = 3;
  start();
  std::atomic<int> errors = 0;
  const Timer timer(coordinator, transactor, clock,
                    {.sweep = hours{1}, .retry = milliseconds{5}, .on_error = [&](const errors::Error&) { ++errors; }});
  await_sent(2);
  EXPECT_EQ(errors, 3);
}

}  // namespace
}  // namespace pkg::saga
