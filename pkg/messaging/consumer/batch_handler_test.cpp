#include "pkg/messaging/consumer/batch_handler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/messaging/consumer/failures.hpp"
#include "pkg/messaging/consumer/memory_stores.hpp"
#include "pkg/messaging/id_of_bytes.hpp"

namespace pkg::messaging {
namespace {

using errors::ErrorKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Delivery delivery(const std::string& id, const std::string& key, const std::string& type = "mall.Happened") {
  Delivery made;
  made.message.id = id;
  made.message.key = key;
  made.message.channel = "mall.events";
  made.message.type = type;
  made.message.correlation_id = "request-1";
  made.message.traceparent = "00-trace";
  return made;
}

/// "0", "1", … each with a key of its own.
std::vector<Delivery> batch_of(int size, const std::string& before = {}) {
  std::vector<Delivery> batch;
  for (int i = 0; i < size; ++i) batch.push_back(delivery(before + std::to_string(i), before + "key-" + std::to_string(i)));
  return batch;
}

class BatchHandlerTest : public ::testing::Test, public MessagingListener {
 protected:
  BatchHandlerTest() {
    handlers_.on("mall.Happened", [this](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
      causes_.push_back(unit.cause());
      ++calls_[message.id];
      if (const auto failure = failures_.find(message.id); failure != failures_.end()) {
        if (failure->second.code == "database_gone") transactor_.away = true;
        return std::unexpected(failure->second);
      }
      MemoryParkingLot::memory(unit).at_commit({}, [this, id = message.id] { effects_.push_back(id); });
      return {};
    });
  }
  void handled(const Message& message, Handling handling) override { reports_.emplace_back(message.id, handling); }
  void fail(const std::string& id, ErrorKind kind, const std::string& code = "no") {
    failures_[id] = {kind, code, "It does not work.", {}};
  }
  /// What does not fit fails at the commit.
  void write(uow::UnitOfWork& unit, const std::string& id, bool fits) {
    MemoryParkingLot::memory(unit).at_commit([fits] { return fits ? errors::Result<>() : errors::fail(ErrorKind::internal, "no", {}); },
                                             [this, id] { effects_.push_back(id); });
  }
  BatchHandler::Done handle(std::vector<Delivery> deliveries) { return handler_.handle(deliveries); }
  /// After something unusual batches are handled with more care for a while: so many batches go by, of messages that do nothing.
  void calm_down() {
    handlers_.on("mall.Idle", [](uow::UnitOfWork&, const Message&) -> errors::Result<> { return {}; });
    for (int before = -1; before != inbox_.round_trips; ++idle_) {
      before = inbox_.round_trips;
      handle({delivery("idle " + std::to_string(idle_), "idle", "mall.Idle")});
    }
  }
  std::vector<std::string> parked() const {
    std::vector<std::string> ids;
    for (const auto& [position, row] : lot_.rows) ids.push_back(row.message.id);
    return ids;
  }

  BreakableTransactor transactor_;
  MemoryParkingLot lot_;
  MemoryInbox inbox_{lot_};
  Handlers handlers_;
  clock::ManualClock clock_;
  BatchHandler handler_{transactor_, inbox_, lot_, handlers_, clock_, {}, *this};

  std::map<std::string, errors::Error> failures_;
  std::map<std::string, int> calls_;
  std::vector<uow::Cause> causes_;
  std::vector<std::string> effects_;
  std::vector<std::pair<std::string, Handling>> reports_;
  int idle_ = 0;
};

TEST_F(BatchHandlerTest, TakesManyMessagesIntoOneTransactionWithoutALookAtTheInbox) {
  const auto done = handle({delivery("1", "a"), delivery("2", "a"), delivery("3", "b")});
  EXPECT_EQ(done.count, 3u);
  EXPECT_THAT(effects_, ElementsAre("1", "2", "3"));
  EXPECT_EQ(transactor_.commits, 1);
  EXPECT_EQ(transactor_.runs, 1);
  EXPECT_EQ(inbox_.round_trips, 0);
}

TEST_F(BatchHandlerTest, AnnouncesTheMessagesOfABatchBeforeItHandlesTheFirst) {
  std::vector<std::string> announced;
  handlers_.announce_to([&](uow::UnitOfWork&, std::span<const Message* const> messages) -> errors::Result<> {
    EXPECT_THAT(effects_, IsEmpty());
    for (const Message* message : messages) announced.push_back(message->id);
    return {};
  });
  handle({delivery("1", "a"), delivery("2", "b", "mall.Unwanted"), delivery("3", "c")});
  EXPECT_THAT(announced, ElementsAre("1", "3"));
  EXPECT_THAT(effects_, ElementsAre("1", "3"));
  handle({delivery("4", "a")});
  EXPECT_THAT(announced, ElementsAre("1", "3")) << "one alone is not announced";
}

TEST_F(BatchHandlerTest, HandlesEachByItselfWhereTheyCannotBeAnnounced) {
  handlers_.announce_to([](uow::UnitOfWork&, std::span<const Message* const>) -> errors::Result<> {
    return errors::fail(ErrorKind::internal, "no", "It does not work.");
  });
  EXPECT_EQ(handle(batch_of(4)).count, 4U);
  EXPECT_THAT(effects_, ElementsAre("0", "1", "2", "3"));
  EXPECT_EQ(transactor_.commits, 4);
}

TEST_F(BatchHandlerTest, LooksAtTheInboxForAWhileAfterSomethingUnusual) {
  handle({delivery("1", "a")});
  handle({delivery("1", "a"), delivery("2", "a")});
  EXPECT_EQ(inbox_.round_trips, 1);
  EXPECT_THAT(effects_, ElementsAre("1", "2"));
  calm_down();
  EXPECT_GT(idle_, 10);
  EXPECT_LT(idle_, 100);
}

TEST_F(BatchHandlerTest, NeedsNoLookForWhatWaitsBehindAParkedOneAndSeesWhenItNoLongerDoes) {
  fail("1", ErrorKind::rejected);
  handle({delivery("1", "a"), delivery("2", "b")});
  const int before = inbox_.round_trips;
  handle({delivery("3", "a"), delivery("4", "b")});
  EXPECT_EQ(inbox_.round_trips, before);
  EXPECT_THAT(parked(), ElementsAre("1", "3"));
  lot_.rows.clear();
  handle({delivery("5", "a"), delivery("6", "b")});
  EXPECT_EQ(inbox_.round_trips, before + 1);
  EXPECT_THAT(parked(), IsEmpty());
  EXPECT_THAT(effects_, ElementsAre("2", "4", "5", "6"));
}

TEST_F(BatchHandlerTest, DoesNotParkADoubledMessageWhoseHandlerRefusesIt) {
  handle({delivery("1", "a")});
  fail("1", ErrorKind::rejected, "is_so_already");
  EXPECT_EQ(handle({delivery("1", "a"), delivery("2", "b")}).count, 2u);
  EXPECT_EQ(handle({delivery("1", "a")}).count, 1u);
  EXPECT_THAT(parked(), IsEmpty());
  EXPECT_THAT(effects_, ElementsAre("1", "2"));
}

TEST_F(BatchHandlerTest, GivesADoubledMessageNoSecondEffect) {
  handle({delivery("1", "a")});
  const auto done = handle({delivery("1", "a"), delivery("2", "a"), delivery("2", "a")});
  EXPECT_EQ(done.count, 3u);
  EXPECT_THAT(effects_, ElementsAre("1", "2"));
}

TEST_F(BatchHandlerTest, AcknowledgesWhatNobodyWantsWithoutTouchingTheDatabase) {
  const auto done = handle({delivery("1", "a", "mall.Unknown")});
  EXPECT_EQ(done.count, 1u);
  EXPECT_EQ(inbox_.round_trips, 0);
  EXPECT_THAT(reports_, ElementsAre(std::pair("1", Handling::unwanted)));
}

TEST_F(BatchHandlerTest, RunsEachHandlerOnBehalfOfItsMessage) {
  handle({delivery("1", "a"), delivery("2", "b")});
  ASSERT_EQ(causes_.size(), 2u);
  EXPECT_EQ(causes_[1].correlation_id, "request-1");
  EXPECT_EQ(causes_[1].causation_id, "2");
  EXPECT_EQ(causes_[1].traceparent, "00-trace");
}

TEST_F(BatchHandlerTest, FindsTheFailingMessageOfABatchAndParksOnlyThat) {
  fail("2", ErrorKind::rejected);
  const auto done = handle({delivery("1", "a"), delivery("2", "b"), delivery("3", "c")});
  EXPECT_EQ(done.count, 3u);
  EXPECT_TRUE(done.parked);
  EXPECT_THAT(effects_, ElementsAre("1", "3"));
  ASSERT_THAT(parked(), ElementsAre("2"));
  EXPECT_EQ(lot_.rows.begin()->second.attempts, 1u);
  EXPECT_EQ(lot_.rows.begin()->second.why, "no: It does not work.");
  EXPECT_GT(lot_.rows.begin()->second.next_attempt_at, clock_.now());
}

TEST_F(BatchHandlerTest, LetsLaterMessagesOfAParkedKeyWaitBehindItAndOthersGoOn) {
  fail("1", ErrorKind::rejected);
  handle({delivery("1", "a"), delivery("2", "a"), delivery("3", "b")});
  handle({delivery("4", "a"), delivery("5", "b")});
  EXPECT_THAT(effects_, ElementsAre("3", "5"));
  ASSERT_THAT(parked(), ElementsAre("1", "2", "4"));
  EXPECT_EQ(lot_.rows.rbegin()->second.attempts, 0u);
}

TEST_F(BatchHandlerTest, ReportsOnlyWhatWasCommitted) {
  fail("2", ErrorKind::rejected);
  handle({delivery("1", "a"), delivery("2", "b")});
  EXPECT_THAT(reports_, ElementsAre(std::pair("1", Handling::handled), std::pair("2", Handling::parked)));
}

TEST_F(BatchHandlerTest, DoesNotSwallowTheRedeliveryOfAMessageWhoseHandlerFailed) {
  fail("1", ErrorKind::unavailable, "database_gone");
  EXPECT_TRUE(handle({delivery("1", "a")}).store_away);
  EXPECT_THAT(inbox_.seen, IsEmpty());
  transactor_.away = false;
  failures_.clear();
  EXPECT_EQ(handle({delivery("1", "a")}).count, 1u);
  EXPECT_THAT(effects_, ElementsAre("1"));
}

TEST_F(BatchHandlerTest, AcknowledgesNothingWhileTheDatabaseIsAway) {
  transactor_.away = true;
  const auto done = handle({delivery("1", "a"), delivery("2", "b")});
  EXPECT_EQ(done.count, 0u);
  EXPECT_TRUE(done.store_away);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(BatchHandlerTest, AcknowledgesWhatWasDoneBeforeTheDatabaseWentAway) {
  fail("2", ErrorKind::unavailable, "database_gone");
  const auto done = handle({delivery("1", "a"), delivery("2", "b"), delivery("3", "c")});
  EXPECT_TRUE(done.store_away);
  EXPECT_EQ(done.count, effects_.size());
  EXPECT_THAT(parked(), IsEmpty());
}

TEST_F(BatchHandlerTest, ParksAMessageWhoseHandlerNeedsAnotherPartThatIsAway) {
  fail("1", ErrorKind::unavailable);
  const auto done = handle({delivery("1", "a")});
  EXPECT_EQ(done.count, 1u);
  ASSERT_THAT(parked(), ElementsAre("1"));
  EXPECT_EQ(lot_.rows.begin()->second.state, ParkedState::waiting);
  EXPECT_EQ(calls_["1"], 2) << "the first failure could have been our own database's";
}

TEST_F(BatchHandlerTest, TriesAgainAtOnceWhatMetSomebodyElsesCommit) {
  int clashes = 3;
  handlers_.on("mall.Happened", [&](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
    if (clashes-- > 0) return errors::fail(ErrorKind::contended, "contended", {});
    MemoryParkingLot::memory(unit).at_commit({}, [this, id = message.id] { effects_.push_back(id); });
    return {};
  });
  handle({delivery("1", "a")});
  EXPECT_THAT(effects_, ElementsAre("1"));
  EXPECT_THAT(parked(), IsEmpty());
}

TEST_F(BatchHandlerTest, LetsAMessageDieAtOnceWhoseHandlerCannotUnderstandIt) {
  fail("1", ErrorKind::malformed);
  EXPECT_FALSE(handle({delivery("1", "a")}).parked);
  ASSERT_EQ(lot_.rows.size(), 1u);
  EXPECT_EQ(lot_.rows.begin()->second.state, ParkedState::dead);
}

TEST_F(BatchHandlerTest, KeepsAnUndecodableMessageWithItsBytesAndOnlyOnce) {
  Delivery broken;
  broken.message.channel = "mall.events";
  broken.undecodable = "no ce-id";
  broken.raw = "ce-type: x\n\nbytes";
  const auto done = handle({delivery("1", "a"), broken, delivery("2", "b")});
  EXPECT_EQ(done.count, 3u);
  handle({broken});
  ASSERT_EQ(lot_.rows.size(), 1u);
  const ParkedMessage& dead = lot_.rows.begin()->second;
  EXPECT_EQ(dead.state, ParkedState::dead);
  EXPECT_EQ(dead.raw, broken.raw);
  EXPECT_EQ(dead.message.channel, "mall.events");
  EXPECT_EQ(dead.why, "undecodable_message: no ce-id");
  EXPECT_THAT(effects_, ElementsAre("1", "2"));
}

TEST_F(BatchHandlerTest, KeepsTheOthersTogetherWhereOneFails) {
  const auto batch = batch_of(50);
  fail("30", ErrorKind::internal);
  EXPECT_EQ(handle(batch).count, 50u);
  EXPECT_THAT(parked(), ElementsAre("30"));
  EXPECT_EQ(effects_.size(), 49u);
  EXPECT_EQ(transactor_.commits, 1) << "the others and the parking of this one";
  EXPECT_EQ(transactor_.runs, 2);
  EXPECT_EQ(calls_["30"], 1);
}

TEST_F(BatchHandlerTest, DoesOnlyAFewAgainOnceFailuresAreAbout) {
  fail("early", ErrorKind::internal);
  handle({delivery("early", "early")});
  const int before = transactor_.runs;
  const auto batch = batch_of(50);
  for (const auto* id : {"7", "30", "31"}) fail(id, ErrorKind::rejected);
  EXPECT_EQ(handle(batch).count, 50u);
  EXPECT_THAT(parked(), ElementsAre("early", "7", "30", "31"));
  EXPECT_EQ(effects_.size(), 47u);
  EXPECT_EQ(transactor_.runs, before + 1);
  int calls = 0;
  for (int i = 0; i < 50; ++i) calls += calls_[std::to_string(i)];
  EXPECT_LE(calls, 50 + 3 * 3) << "what was done again";
  EXPECT_GT(calls, 50);
}

TEST_F(BatchHandlerTest, IsGivenMoreAtOnceWhileFailuresAreAbout) {
  EXPECT_EQ(handler_.at_once(50), 50u);
  fail("3", ErrorKind::not_found);
  handle(batch_of(5));
  EXPECT_EQ(handler_.at_once(50), 100u);
  for (int i = 0; i < 20; ++i) handle(batch_of(5, "later " + std::to_string(i) + " "));
  EXPECT_EQ(handler_.at_once(50), 50u);
}

TEST_F(BatchHandlerTest, ForgetsWhatAPartHadWrittenBeforeItFailed) {
  handlers_.on("mall.Happened", [&](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
    write(unit, message.id, true);
    if (message.id == "2") return errors::fail(ErrorKind::rejected, "no", {});
    return {};
  });
  for (const auto* round : {"calm ", "careful "}) {
    effects_.clear();
    handle({delivery(std::string(round) + "1", "a"), delivery("2", std::string(round) + "b"), delivery(std::string(round) + "3", "c")});
    EXPECT_THAT(effects_, ElementsAre(std::string(round) + "1", std::string(round) + "3"));
    inbox_.seen.erase("2");
  }
  EXPECT_THAT(parked(), ElementsAre("2", "2"));
}

TEST_F(BatchHandlerTest, LetsLaterOnesOfABatchWaitOnlyBehindWhatIsParkedOfTheirKey) {
  fail("2", ErrorKind::rejected);
  fail("6", ErrorKind::malformed);
  handle({delivery("1", "a"), delivery("2", "a"), delivery("3", "b"), delivery("4", "a"), delivery("5", "c"), delivery("6", "c"),
          delivery("7", "c"), delivery("8", "b")});
  EXPECT_THAT(effects_, ElementsAre("1", "3", "5", "8"));
  EXPECT_THAT(parked(), ElementsAre("2", "4", "6", "7"));
  EXPECT_EQ(calls_["4"] + calls_["7"], 0);
}

TEST_F(BatchHandlerTest, ForgetsAFailureThatMayHaveComeFromTheSecondEffectOfADoubledMessage) {
  handle({delivery("1", "a")});
  handlers_.on("mall.Follows", [this](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
    if (calls_["1"] > 1 && calls_[message.id]++ == 0) return errors::fail(ErrorKind::malformed, "sees_it_twice", {});
    write(unit, message.id, true);
    return {};
  });
  EXPECT_EQ(handle({delivery("1", "a"), delivery("2", "b", "mall.Follows")}).count, 2u);
  EXPECT_THAT(effects_, ElementsAre("1", "2"));
  EXPECT_THAT(parked(), IsEmpty());
}

TEST_F(BatchHandlerTest, KeepsAMessageThatCannotEvenBeParked) {
  fail("2", ErrorKind::rejected);
  lot_.refuses = true;
  const auto done = handle({delivery("1", "a"), delivery("2", "b"), delivery("3", "c")});
  EXPECT_TRUE(done.store_away);
  EXPECT_EQ(done.count, 1u);
  EXPECT_THAT(effects_, ElementsAre("1"));
  lot_.refuses = false;
  EXPECT_EQ(handle({delivery("2", "b"), delivery("3", "c")}).count, 2u);
  EXPECT_THAT(parked(), ElementsAre("2"));
  EXPECT_THAT(effects_, ElementsAre("1", "3"));
}

TEST_F(BatchHandlerTest, KnowsWhoseWriteFailedAtTheCommit) {
  std::string batch_now;
  handlers_.on("mall.Happened", [&](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
    write(unit, message.id, message.id != batch_now + "30");
    return {};
  });
  const auto batch = batch_of(50);
  EXPECT_EQ(handle(batch).count, 50u);
  EXPECT_THAT(parked(), ElementsAre("30"));
  EXPECT_EQ(effects_.size(), 49u);
  EXPECT_EQ(transactor_.runs, 2);
  batch_now = "later ";
  EXPECT_EQ(handle(batch_of(50, batch_now)).count, 50u);
  EXPECT_THAT(parked(), ElementsAre("30", "later 30"));
  EXPECT_EQ(effects_.size(), 98u);
  EXPECT_EQ(transactor_.runs, 3) << "taken back to a savepoint";
}

TEST_F(BatchHandlerTest, LooksByHalvesForWhatNobodyKnows) {
  handlers_.on("mall.Happened", [&](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
    unit.end_parts();
    write(unit, message.id, message.id != "5");
    return {};
  });
  EXPECT_EQ(handle(batch_of(8)).count, 8u);
  EXPECT_THAT(parked(), ElementsAre("5"));
  EXPECT_THAT(effects_, ElementsAre("0", "1", "2", "3", "4", "6", "7"));
}

TEST(Failures, GiveTheSameIdForTheSameBytes) {
  EXPECT_EQ(id_of_bytes("abc"), id_of_bytes("abc"));
  EXPECT_NE(id_of_bytes("abc"), id_of_bytes("abd"));
  EXPECT_NE(id_of_bytes(""), id_of_bytes(std::string(1, 0)));
}

}  // namespace
}  // namespace pkg::messaging
