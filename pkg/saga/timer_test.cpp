#include "pkg/saga/timer.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "pkg/saga/memory_saga_store.hpp"
#include "pkg/saga/testing/memory_units.hpp"
#include "pkg/saga/testing/sample_saga.hpp"

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
  testing::MemoryTransactor inner;
};

template <class F>
void await(const char* what, F happened) {
  const auto limit = std::chrono::steady_clock::now() + seconds{10};
  while (!happened()) {
    ASSERT_LT(std::chrono::steady_clock::now(), limit) << "waited for " << what;
    std::this_thread::sleep_for(milliseconds{1});
  }
}

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
    await("a command that is sent again", [&] { return (seen += transactor.inner.take_sent().size()) >= count; });
  }

  clock::SystemClock clock;
  CountingTransactor transactor;
  testing::MemoryOutbox outbox;
  MemorySagaStore store{testing::MemoryTransactor::enlist()};
  Coordinator coordinator{definitions(), store, outbox, clock, {.source = "/t", .reply_channel = "r", .wake_grain = milliseconds{5}}};
};

TEST_F(ATimer, SendsAgainInTimeAndAsksNothingWhileNothingIsDue) {
  const Timer timer(coordinator, transactor, clock, {.sweep = hours{1}});
  await("the look-up at the start", [&] { return transactor.runs == 1; });
  start();
  await_sent(2);
  EXPECT_LE(transactor.runs, 4) << "it polls";
}

TEST_F(ATimer, FindsWhatAnotherReplicaLeftByItsSweep) {
  Coordinator crashed{definitions(), store, outbox, clock, {.source = "/t", .reply_channel = "r"}};
  const Timer timer(coordinator, transactor, clock, {.sweep = milliseconds{20}});
  await("the look-up at the start", [&] { return transactor.runs >= 1; });
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
