#include "pkg/messaging/consumer/parking_attendant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/messaging/consumer/memory_stores.hpp"

namespace pkg::messaging {
namespace {

using errors::ErrorKind;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ParkingAttendantTest : public ::testing::Test {
 protected:
  ParkingAttendantTest() {
    handlers_.on("mall.Happened", [this](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
      ++tries_;
      clock_.advance(try_takes_);
      if (const auto failure = failures_.find(message.id); failure != failures_.end()) return errors::fail(failure->second, "no", "No.");
      MemoryParkingLot::memory(unit).at_commit({}, [this, id = message.id] { effects_.push_back(id); });
      return {};
    });
  }
  void park(const std::string& id, const std::string& key, clock::Duration due = {}) {
    ParkedMessage parked;
    parked.message.id = id;
    parked.message.key = key;
    parked.message.channel = "mall.events";
    parked.message.type = "mall.Happened";
    parked.next_attempt_at = clock_.now() + due;
    ASSERT_TRUE(transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
      lot_.park(unit, parked);
      return {};
    }));
  }
  ParkingAttendant::Round go_round() { return attendant_.go_round(); }
  const ParkedMessage& row(std::int64_t position) { return lot_.rows.at(position); }

  BreakableTransactor transactor_;
  MemoryParkingLot lot_;
  Handlers handlers_;
  clock::ManualClock clock_;
  RetryPolicy retry_{.tries = 3, .wait = {.first = seconds(1), .cap = minutes(1), .spread = 0}};
  ParkingAttendant attendant_{transactor_, lot_, handlers_, clock_, retry_};
  std::map<std::string, ErrorKind> failures_;
  std::vector<std::string> effects_;
  int tries_ = 0;
  clock::Duration try_takes_{};
};

TEST_F(ParkingAttendantTest, HasNothingToComeBackForWhereNothingIsParked) { EXPECT_FALSE(go_round().next_due); }

TEST_F(ParkingAttendantTest, TriesNothingBeforeItIsDueAndSaysWhenThatIs) {
  park("1", "a", seconds(5));
  EXPECT_EQ(go_round().next_due, clock_.now() + seconds(5));
  EXPECT_EQ(tries_, 0);
}

TEST_F(ParkingAttendantTest, WorksOffAKeyInOrderOnceItsOldestSucceeds) {
  park("1", "a");
  park("2", "a");
  park("3", "b");
  park("4", "a");
  go_round();
  EXPECT_THAT(effects_, ElementsAre("1", "2", "4", "3"));
  EXPECT_THAT(lot_.rows, IsEmpty());
}

TEST_F(ParkingAttendantTest, LetsTheRestOfTheKeyWaitWhileItsOldestFails) {
  failures_["1"] = ErrorKind::rejected;
  park("1", "a");
  park("2", "a");
  park("3", "b");
  go_round();
  EXPECT_THAT(effects_, ElementsAre("3"));
  EXPECT_EQ(row(1).attempts, 1u);
  EXPECT_EQ(row(1).next_attempt_at, clock_.now() + seconds(1));
  EXPECT_EQ(row(2).attempts, 0u);
}

TEST_F(ParkingAttendantTest, WaitsLongerAfterEachFailureAndGivesUpAfterItsTries) {
  failures_["1"] = ErrorKind::unavailable;
  park("1", "a");
  park("2", "a");
  go_round();
  clock_.advance(seconds(1));
  go_round();
  EXPECT_EQ(row(1).next_attempt_at, clock_.now() + seconds(2));
  clock_.advance(seconds(2));
  go_round();
  EXPECT_EQ(row(1).state, ParkedState::dead);
  EXPECT_EQ(row(1).why, "no: No.");
  EXPECT_EQ(tries_, 3);
}

TEST_F(ParkingAttendantTest, StopsWhereMuchFailsAndSaysHowLongThatTook) {
  try_takes_ = std::chrono::milliseconds(4);
  for (int i = 0; i < 10; ++i) {
    failures_[std::to_string(i)] = ErrorKind::rejected;
    park(std::to_string(i), "key " + std::to_string(i));
  }
  auto round = go_round();
  EXPECT_EQ(tries_, 3);
  EXPECT_EQ(round.in_vain, 3 * try_takes_);
  EXPECT_EQ(round.next_due, clock_.now()) << "there is more";
  failures_.clear();
  round = go_round();
  EXPECT_EQ(effects_.size(), 7u) << "what does not fail is not held up";
  EXPECT_EQ(round.in_vain, clock::Duration{});
}

TEST_F(ParkingAttendantTest, CountsALookAsInVainOnlyWhereItFoundNothingThatSucceeds) {
  lot_.on_look = [this] { clock_.advance(std::chrono::milliseconds(5)); };
  EXPECT_EQ(go_round().in_vain, std::chrono::milliseconds(5));
  park("1", "a");
  EXPECT_EQ(go_round().in_vain, clock::Duration{});
}

TEST_F(ParkingAttendantTest, KeepsTheKeyWaitingBehindADeadMessageUntilItIsReplayed) {
  failures_["1"] = ErrorKind::malformed;
  park("1", "a");
  park("2", "a");
  go_round();
  EXPECT_EQ(row(1).state, ParkedState::dead);
  clock_.advance(minutes(10));
  EXPECT_FALSE(go_round().next_due);
  EXPECT_THAT(effects_, IsEmpty());
  failures_.clear();
  ASSERT_TRUE(lot_.replay(1, clock_.now()));
  go_round();
  EXPECT_THAT(effects_, ElementsAre("1", "2"));
}

TEST_F(ParkingAttendantTest, GoesOnWithTheKeyWhenADeadMessageIsDiscarded) {
  failures_["1"] = ErrorKind::malformed;
  park("1", "a");
  park("2", "a");
  go_round();
  ASSERT_TRUE(lot_.discard(1));
  go_round();
  EXPECT_THAT(effects_, ElementsAre("2"));
}

TEST_F(ParkingAttendantTest, CountsNoAttemptWhileTheDatabaseIsAway) {
  park("1", "a");
  transactor_.away = true;
  EXPECT_TRUE(go_round().store_away);
  EXPECT_EQ(row(1).attempts, 0u);
  transactor_.away = false;
  go_round();
  EXPECT_THAT(effects_, ElementsAre("1"));
}

TEST_F(ParkingAttendantTest, RemovesAMessageThatNobodyWantsAnyMore) {
  park("1", "a");
  const Handlers none;
  ParkingAttendant attendant(transactor_, lot_, none, clock_, retry_);
  attendant.go_round();
  EXPECT_THAT(lot_.rows, IsEmpty());
}

}  // namespace
}  // namespace pkg::messaging
