#include <gtest/gtest.h>

#include "pkg/saga_engine/engine.hpp"
#include "pkg/saga_engine/testing/drive.hpp"

namespace pkg::saga {
namespace {

using testing::Drive;

TEST(Saga, CanceledBeforeAnythingEndsAtOnceAndCannotBeStarted) {
  Drive saga;
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
  EXPECT_EQ(saga.state.version, 1U);
  EXPECT_EQ(saga.start(), "");
  EXPECT_FALSE(saga.changed);
}

TEST(Saga, CanceledInTheMiddleWaitsForWhatIsOutAndUndoesItAllButStep0) {
  Drive saga;
  saga.start();
  saga.ok();
  saga.ok();
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.state.status, Status::canceling);
  EXPECT_EQ(saga.ok(), "<book_train");
  EXPECT_EQ(saga.ok(), "<book_hotel");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
}

TEST(Saga, CanceledWhileACommandHasNoAnswerIsNotSentAgainButUndone) {
  Drive saga;
  saga.start();
  saga.ok();
  saga.cancel();
  EXPECT_EQ(saga.late(), "<book_hotel");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
}

TEST(Saga, CanceledWhileTheStepThatIsOutFailsUndoesTheOnesBefore) {
  Drive saga;
  saga.start();
  saga.ok();
  saga.ok();
  saga.cancel();
  EXPECT_EQ(saga.no(), "<book_hotel");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
}

TEST(Saga, CanceledWhileCompensatingGoesOnButLeavesStep0Alone) {
  Drive saga;
  saga.start();
  saga.ok();
  saga.ok();
  saga.no();
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
}

TEST(Saga, CanceledWhileStep0IsBeingUndoneEndsAtOnce) {
  Drive saga;
  saga.start();
  EXPECT_EQ(saga.no(), "<request");
  saga.no();
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
  EXPECT_FALSE(saga.state.wake_at);
}

TEST(Saga, CanceledAfterItsEndStaysAsItIs) {
  Drive saga;
  saga.start();
  saga.ok();
  saga.ok();
  saga.ok();
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_FALSE(saga.changed);
  EXPECT_EQ(saga.state.status, Status::completed);
}

}  // namespace
}  // namespace pkg::saga
