#include "pkg/saga/coordinator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/saga/replies.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"
#include "pkg/saga_engine/history_words.hpp"
#include "pkg/saga_engine/memory_saga_store.hpp"
#include "pkg/saga_engine/testing/sample_saga.hpp"

namespace pkg::saga {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class ACoordinator : public ::testing::Test {
 protected:
  template <class F>
  Outcome in_unit(F work) {
    const auto outcome = transactor.run_for({"corr", "cause", "trace"}, work);
    EXPECT_TRUE(outcome) << outcome.error().code;
    return outcome.value_or(Outcome::unknown_saga);
  }
  Outcome start() {
    return in_unit([&](uow::UnitOfWork& unit) { return coordinator.start(unit, "s1", testing::trip_data()); });
  }
  Outcome cancel() {
    return in_unit([&](uow::UnitOfWork& unit) { return coordinator.cancel(unit, "s1"); });
  }
  Outcome deliver(const messaging::Message& reply) {
    return in_unit([&](uow::UnitOfWork& unit) { return coordinator.on_reply(unit, reply); });
  }
  std::size_t due(Coordinator& of, std::size_t limit = 10) {
    return transactor.run_for({}, [&](uow::UnitOfWork& unit) { return of.due(unit, clock.now(), limit); }).value();
  }
  messaging::Message sent() {
    auto all = outbox.take_sent();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? messaging::Message{} : all.front();
  }
  messaging::Message yes(const messaging::Message& command) { return replies.success(command, "trips.Hotel", "Ritz").value(); }
  messaging::Message no(const messaging::Message& command) {
    return replies.failure(command, {errors::ErrorKind::rejected, "full", "No room,\nsorry.", ""}).value();
  }
  State state() {
    return transactor.run_for({}, [&](uow::UnitOfWork& unit) { return store.load(unit, "Trip", "s1", Freshness::current); })
        .value()
        .value();
  }
  static Definitions definitions(std::uint32_t version = 1) {
    auto definition = testing::trip_definition();
    definition.version = version;
    return Definitions::make({definition}).value();
  }

  clock::ManualClock clock;
  ids::CountingIds ids;
  uow::MemoryTransactor transactor;
  testing::MemoryOutbox outbox;
  MemorySagaStore store;
  Replies replies{outbox, ids, clock, "/trips/hotels"};
  CoordinatorOptions options{.source = "/trips/desk", .reply_channel = "trips.replies", .wake_grain = milliseconds{250}};
  Coordinator coordinator{definitions(), store, outbox, clock, options};
};

TEST_F(ACoordinator, RunsASagaToItsEnd) {
  EXPECT_EQ(start(), Outcome::applied);
  for (int step = 0; step < 3; ++step) EXPECT_EQ(deliver(yes(sent())), Outcome::applied);
  EXPECT_TRUE(outbox.take_sent().empty());
  EXPECT_EQ(state().status, Status::completed);
}

TEST_F(ACoordinator, SaysOnItsCommandsWhoseTheyAreAndWhereToAnswer) {
  start();
  const auto command = sent();
  EXPECT_EQ(command.id, state().in_flight->message_id);
  EXPECT_EQ(command.type, "Check");
  EXPECT_EQ(command.channel, "desk");
  EXPECT_EQ(command.source, "/trips/desk");
  EXPECT_EQ(command.subject, "s1");
  EXPECT_EQ(command.key, "s1");
  EXPECT_EQ(command.correlation_id, "corr");
  EXPECT_EQ(command.causation_id, "cause");
  EXPECT_EQ(command.traceparent, "trace");
  EXPECT_EQ(command.headers, (std::map<std::string, std::string>{{"saga-name", "Trip"},
                                                                 {"saga-id", "s1"},
                                                                 {"saga-step", "check"},
                                                                 {"saga-direction", "forward"},
                                                                 {"saga-reply-to", "trips.replies"}}));
}

TEST_F(ACoordinator, StartsASagaOnce) {
  start();
  sent();
  EXPECT_EQ(start(), Outcome::ignored);
  EXPECT_TRUE(outbox.take_sent().empty());
}

TEST_F(ACoordinator, DoesNotStartWhatWasCanceledBefore) {
  EXPECT_EQ(cancel(), Outcome::applied);
  EXPECT_EQ(start(), Outcome::ignored);
  EXPECT_EQ(state().status, Status::canceled);
  EXPECT_TRUE(outbox.take_sent().empty());
}

TEST_F(ACoordinator, TakesADoubledReplyOnce) {
  start();
  const auto reply = yes(sent());
  EXPECT_EQ(deliver(reply), Outcome::applied);
  sent();
  EXPECT_EQ(deliver(reply), Outcome::ignored);
  EXPECT_TRUE(outbox.take_sent().empty());
  EXPECT_EQ(state().ignored, 1U);
}

TEST_F(ACoordinator, KnowsNoSagaForAReplyFromNowhere) {
  start();
  auto reply = yes(sent());
  reply.headers["saga-id"] = "s2";
  EXPECT_EQ(deliver(reply), Outcome::unknown_saga);
}

TEST_F(ACoordinator, RefusesWhatIsNoReply) {
  start();
  const auto good = yes(sent());
  for (const auto* header : {"saga-name", "saga-id", "saga-command-id", "saga-outcome"}) {
    auto bad = good;
    bad.headers.erase(header);
    const auto refused = transactor.run_for({}, [&](uow::UnitOfWork& unit) { return coordinator.on_reply(unit, bad); });
    EXPECT_EQ(refused.error().kind, errors::ErrorKind::malformed) << header;
  }
}

TEST_F(ACoordinator, CompensatesAndKeepsTheReason) {
  start();
  deliver(no(sent()));
  EXPECT_EQ(sent().type, "Decline");
  EXPECT_EQ(state().failure_detail, "No room, sorry.") << "a header is one line";
}

TEST_F(ACoordinator, KnowsWhenToWakeAndSendsAgainThen) {
  EXPECT_FALSE(coordinator.next_wake());
  start();
  const auto first = sent();
  const auto wake = coordinator.next_wake();
  ASSERT_TRUE(wake);
  EXPECT_EQ(*wake, clock.now() + seconds{1});
  EXPECT_EQ(due(coordinator), 0U) << "too early";
  clock.advance(seconds{1});
  EXPECT_EQ(due(coordinator), 1U);
  EXPECT_EQ(sent().id, first.id);
  EXPECT_EQ(coordinator.next_wake(), clock.now() + seconds{2});
}

TEST_F(ACoordinator, WakesNobodyWhenAllHaveEnded) {
  start();
  for (int step = 0; step < 3; ++step) deliver(yes(sent()));
  clock.advance(seconds{10});
  EXPECT_EQ(due(coordinator), 0U);
  EXPECT_FALSE(coordinator.next_wake());
}

TEST_F(ACoordinator, FindsAfterARestartWhatWaitsAndWhen) {
  start();
  Coordinator restarted{definitions(), store, outbox, clock, options};
  EXPECT_FALSE(restarted.next_wake());
  EXPECT_EQ(due(restarted), 0U);
  EXPECT_EQ(restarted.next_wake(), clock.now() + seconds{1});
}

TEST_F(ACoordinator, RefusesASagaOfAnUnknownVersionAndGoesOnWithTheOthers) {
  start();
  outbox.take_sent();
  Coordinator other{definitions(2), store, outbox, clock, options};
  const auto refused = transactor.run_for({}, [&](uow::UnitOfWork& unit) { return other.cancel(unit, "s1"); });
  EXPECT_EQ(refused.error().code, "unknown_saga_definition");
  EXPECT_TRUE(transactor.run_for({}, [&](uow::UnitOfWork& unit) { return other.start(unit, "s2", testing::trip_data()); }));
  outbox.take_sent();
  clock.advance(seconds{1});
  EXPECT_EQ(due(other), 2U);
  EXPECT_EQ(sent().subject, "s2");
  EXPECT_TRUE(state().alert) << "somebody should look at it";
  EXPECT_EQ(state().status, Status::running);
  EXPECT_EQ(due(other), 0U) << "it is left alone for a while";
  clock.advance(options.refused_pause);
  EXPECT_EQ(due(coordinator), 2U) << "who knows the version goes on with it";
}

TEST_F(ACoordinator, TellsWhenASagasAlertIsRaisedAndWhenItIsCleared) {
  std::vector<std::string> told;
  options.on_alert = [&](const State& saga) { told.push_back(saga.id + (saga.alert ? " raised" : " cleared")); };
  Coordinator watched{definitions(), store, outbox, clock, options};
  in_unit([&](uow::UnitOfWork& unit) { return watched.start(unit, "s1", testing::trip_data()); });
  const auto answer = [&](const messaging::Message& reply) {
    in_unit([&](uow::UnitOfWork& unit) { return watched.on_reply(unit, reply); });
  };
  answer(no(sent()));
  for (int tries = 0; tries < 5; ++tries) {
    const auto compensation = sent();
    EXPECT_EQ(compensation.type, "Decline");
    EXPECT_EQ(told.size(), tries < 3 ? 0U : 1U) << "after try " << tries;
    clock.advance(seconds{4});
    due(watched);
  }
  answer(yes(sent()));
  EXPECT_THAT(told, ::testing::ElementsAre("s1 raised", "s1 cleared"));
}

TEST_F(ACoordinator, TellsOnceOfASagaThatItCannotGoOnWith) {
  start();
  int told = 0;
  options.on_alert = [&](const State& saga) { told += saga.alert ? 1 : 100; };
  Coordinator other{definitions(2), store, outbox, clock, options};
  for (int round = 0; round < 3; ++round) {
    clock.advance(options.refused_pause);
    EXPECT_EQ(due(other), 1U);
  }
  EXPECT_EQ(told, 1);
}

TEST_F(ACoordinator, SendsNothingWhenTheUnitOfWorkFails) {
  const auto failed = transactor.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    EXPECT_TRUE(coordinator.start(unit, "s1", testing::trip_data()));
    return errors::fail(errors::ErrorKind::unavailable, "away", "Away.");
  });
  EXPECT_FALSE(failed);
  EXPECT_TRUE(outbox.take_sent().empty());
  EXPECT_EQ(start(), Outcome::applied);
}

}  // namespace
}  // namespace pkg::saga
