#include "pkg/saga_engine/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/ids/uuid.hpp"
#include "pkg/saga_engine/history_words.hpp"
#include "pkg/saga_engine/testing/drive.hpp"

namespace pkg::saga {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Drive;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Saga, GoesThroughItsStepsAndCompletes) {
  Drive saga;
  EXPECT_EQ(saga.start(), "check>");
  EXPECT_EQ(saga.ok(), "book_hotel>");
  EXPECT_EQ(saga.ok(), "book_train>");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::completed);
  EXPECT_EQ(saga.state.version, 4U);
  EXPECT_FALSE(saga.state.wake_at);
  EXPECT_FALSE(saga.state.in_flight);
  EXPECT_THAT(saga.history, ElementsAre(" started", "check sent", "check succeeded", "book_hotel sent", "book_hotel succeeded",
                                        "book_train sent", "book_train succeeded", " completed"));
}

TEST(Saga, HandsWhatAReplyCarriesToLaterSteps) {
  Drive saga;
  saga.start();
  saga.ok();
  EXPECT_EQ(saga.last.body, (Body{"Book", "hotels", "ann/"}));
  saga.ok("Ritz");
  EXPECT_EQ(saga.last.body, (Body{"Book", "trains", "ann/Ritz"}));
}

TEST(Saga, WhoseFirstStepFailsEndsWithTheCompensationOfStep0Only) {
  Drive saga;
  saga.start();
  EXPECT_EQ(saga.no(), "<request");
  EXPECT_EQ(saga.last.body.type, "Decline");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::compensated);
  EXPECT_EQ(saga.state.failed_step, "check");
  EXPECT_EQ(saga.state.failure_code, "full");
}

TEST(Saga, TellsACompensationWhyItIsSent) {
  Drive saga;
  saga.start();
  saga.no();
  EXPECT_EQ(saga.last.body, (Body{"Decline", "desk", "ann/ because of full"}));
}

TEST(Saga, UndoesWhatWasDoneInReverseOrderAndNotTheStepThatRefused) {
  Drive saga;
  saga.start();
  saga.ok();
  saga.ok();
  EXPECT_EQ(saga.no(), "<book_hotel");
  EXPECT_EQ(saga.ok(), "<request");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::compensated);
  EXPECT_EQ(saga.state.steps, (std::vector{Progress::undone, Progress::done, Progress::undone, Progress::failed}));
}

TEST(Saga, SendsTheSameMessageAgainUntilItsTriesAreUpAndThenUndoesThatStepToo) {
  Drive saga;
  saga.start();
  saga.ok();
  const auto id = saga.last.message_id;
  const auto sent_at = saga.now;
  EXPECT_EQ(saga.late(), "book_hotel>");
  EXPECT_EQ(saga.now - sent_at, seconds{1});
  EXPECT_EQ(saga.last.message_id, id);
  EXPECT_EQ(saga.late(), "<book_hotel");
  EXPECT_EQ(saga.now - sent_at, seconds{3}) << "the second wait is twice the first";
  EXPECT_NE(saga.last.message_id, id);
  EXPECT_EQ(saga.state.steps[2], Progress::unknown);
  EXPECT_EQ(saga.ok(), "<request");
  EXPECT_EQ(saga.state.failure_code, "no_reply");
}

TEST(Saga, DoesNothingWhenItIsWokenTooEarly) {
  Drive saga;
  saga.start();
  saga.now = *saga.state.wake_at - milliseconds{1};
  EXPECT_EQ(saga.give(TimedOut{}), "");
  EXPECT_FALSE(saga.changed);
}

TEST(Saga, IgnoresLateDoubledAndForeignRepliesAndNotesThem) {
  Drive saga;
  saga.start();
  const Reply doubled{.command_id = saga.state.in_flight->message_id, .success = true};
  saga.give(doubled);
  const auto before = saga.state;
  EXPECT_EQ(saga.give(doubled), "");
  EXPECT_EQ(saga.give(Reply{.command_id = "somebody else's", .success = false}), "");
  EXPECT_EQ(saga.state.in_flight, before.in_flight);
  EXPECT_EQ(saga.state.data, before.data);
  EXPECT_EQ(saga.state.steps, before.steps);
  EXPECT_EQ(saga.state.ignored, 2U);
  for (std::uint32_t n = 2; n < max_ignored_noted; ++n) saga.give(doubled);
  EXPECT_TRUE(saga.changed);
  saga.give(doubled);
  EXPECT_FALSE(saga.changed) << "the notes are bounded";
}

TEST(Saga, DoesNotTakeALateSuccessForTheCompensationsReply) {
  Drive saga;
  saga.start();
  saga.ok();
  const auto step_id = saga.last.message_id;
  saga.late();
  EXPECT_EQ(saga.late(), "<book_hotel");
  EXPECT_EQ(saga.give(Reply{.command_id = step_id, .success = true}), "");
  EXPECT_EQ(saga.state.status, Status::compensating);
  EXPECT_EQ(saga.state.in_flight->message_id, saga.last.message_id);
}

TEST(Saga, TriesACompensationForEverAndRaisesAnAlertUntilItSucceeds) {
  Drive saga;
  saga.start();
  saga.no();
  const auto id = saga.last.message_id;
  EXPECT_EQ(saga.late(), "<request");
  EXPECT_EQ(saga.late(), "<request");
  EXPECT_FALSE(saga.state.alert);
  EXPECT_EQ(saga.late(), "<request");
  EXPECT_TRUE(saga.state.alert);
  const auto entries = saga.history.size();
  for (int n = 0; n < 1000; ++n) ASSERT_EQ(saga.late(), "<request");
  EXPECT_EQ(saga.last.message_id, id);
  EXPECT_EQ(*saga.state.wake_at - saga.now, seconds{4}) << "the back-off is capped";
  EXPECT_LT(saga.history.size() - entries, 10U) << "what is tried for ever leaves a bounded trail";
  saga.ok();
  EXPECT_EQ(saga.state.status, Status::compensated);
  EXPECT_FALSE(saga.state.alert);
}

TEST(Saga, AsksForARefusedCompensationAgainAsANewMessageAfterItsBackOff) {
  Drive saga;
  saga.start();
  saga.no();
  const auto first = saga.last.message_id;
  EXPECT_EQ(saga.no(), "") << "not at once";
  EXPECT_EQ(saga.give(Reply{.command_id = first, .success = true}), "") << "the first message has had its answer";
  EXPECT_EQ(saga.late(), "<request");
  EXPECT_NE(saga.last.message_id, first) << "an inbox would swallow the same message";
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::compensated);
}

TEST(Saga, TriesAStepThatMustNotBeGivenUpForEverAndRaisesAnAlert) {
  auto definition = testing::trip_definition();
  definition.steps.back().patience.tries = Patience::for_ever;
  Drive saga(std::move(definition));
  saga.start();
  saga.ok();
  saga.ok();
  const auto id = saga.last.message_id;
  for (int n = 0; n < 50; ++n) ASSERT_EQ(saga.late(), "book_train>");
  EXPECT_EQ(saga.last.message_id, id);
  EXPECT_TRUE(saga.state.alert);
  saga.ok();
  EXPECT_EQ(saga.state.status, Status::completed);
  EXPECT_FALSE(saga.state.alert);
}

TEST(Saga, RefusesAReplyThatItCannotRead) {
  Drive saga;
  saga.start();
  saga.ok();
  const auto before = saga.state;
  EXPECT_EQ(saga.ok(""), "error undecodable_reply");
  EXPECT_EQ(saga.state, before);
}

TEST(Saga, RefusesAStateOfAnotherDefinitionLoudly) {
  Drive saga;
  saga.start();
  for (auto change : {+[](State& s) { s.definition_version = 2; }, +[](State& s) { s.data_version = 7; },
                      +[](State& s) { s.name = "Voyage"; }, +[](State& s) { s.steps.pop_back(); }}) {
    Drive other;
    other.state = saga.state;
    change(other.state);
    EXPECT_EQ(other.give(Cancel{}), "error unknown_saga_definition");
  }
}

TEST(SagaMessageId, IsTheSameForTheSameCommandAndAVersion7Uuid) {
  Drive one;
  Drive two;
  one.start();
  two.start();
  EXPECT_EQ(one.last.message_id, two.last.message_id);
  EXPECT_TRUE(ids::Uuid::parse(one.last.message_id));
  EXPECT_EQ(one.last.message_id[14], '7');
  Drive other;
  other.state.id = "s2";
  other.start();
  EXPECT_NE(one.last.message_id, other.last.message_id);
}

TEST(SagaPlan, TellsWhatIsDoneWhatComesNextAndWhatWouldBeUndone) {
  Drive saga;
  saga.start();
  saga.ok();
  auto plan = saga.plan();
  EXPECT_THAT(plan.done, ElementsAre("check"));
  EXPECT_EQ(plan.now->step, "book_hotel");
  EXPECT_THAT(plan.next, ElementsAre("book_train"));
  EXPECT_THAT(plan.would_undo, ElementsAre("book_hotel", "request"));
  saga.ok();
  saga.no();
  plan = saga.plan();
  EXPECT_EQ(plan.now->direction, Direction::compensation);
  EXPECT_THAT(plan.next, IsEmpty());
  EXPECT_THAT(plan.would_undo, ElementsAre("book_hotel", "request"));
  saga.ok();
  saga.ok();
  plan = saga.plan();
  EXPECT_FALSE(plan.now);
  EXPECT_THAT(plan.would_undo, IsEmpty());
}

}  // namespace
}  // namespace pkg::saga
