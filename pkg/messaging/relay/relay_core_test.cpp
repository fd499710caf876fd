#include "pkg/messaging/relay/relay_core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pkg::messaging {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

OutboxRow row(Seq seq, const std::string& key) {
  Message message;
  message.id = "id-" + std::to_string(seq);
  message.channel = "mall.events";
  message.key = key;
  return {seq, std::make_shared<const Message>(message)};
}

// A relay that leads, whose broker answers at once and whose outbox was swept and is empty up to 10.
class Relay : public testing::Test {
 protected:
  explicit Relay(RelayOptions options = {}) : core_(options) { lead({10, "broker-1", 100}); }

  void lead(const RelayMark& mark) {
    core_.start(mark, true, now_);
    take();
    answer_broker({mark.broker_identity.empty() ? "broker-1" : mark.broker_identity, mark.last_sequence});
    answer_sweep({});
  }

  /// Sorts what the core wants into the lists below.
  void take() {
    for (auto& action : core_.take_actions()) {
      if (auto* publish = std::get_if<RelayAction::Publish>(&action.what)) publishes_.push_back(publish->row.seq);
      if (auto* sweep = std::get_if<RelayAction::Sweep>(&action.what)) sweep_ = sweep->request;
      if (auto* save = std::get_if<RelayAction::Save>(&action.what)) save_ = save->mark;
      if (auto* dead = std::get_if<RelayAction::RecordDead>(&action.what)) dead_.push_back(dead->row.seq);
      if (auto* del = std::get_if<RelayAction::Delete>(&action.what)) delete_ = del->up_to;
      if (std::holds_alternative<RelayAction::AskBroker>(action.what)) asked_ = true;
    }
  }
  std::vector<Seq> published() {
    take();
    return std::exchange(publishes_, {});
  }
  bool wants_sweep() {
    take();
    return sweep_.has_value();
  }
  void answer_sweep(std::vector<OutboxRow> rows, std::uint64_t oldest_running = 1000, std::uint64_t next = 1000) {
    ASSERT_TRUE(wants_sweep());
    sweep_.reset();
    core_.swept(core_.epoch(), Swept{std::move(rows), oldest_running, next}, now_);
    take();
  }
  void answer_broker(StreamState state) {
    take();
    ASSERT_TRUE(std::exchange(asked_, false));
    core_.broker_state(core_.epoch(), state, now_);
    take();
  }
  void commit(std::vector<OutboxRow> rows) { core_.committed(core_.announced(), std::move(rows), now_); }
  void confirm(Seq seq, std::uint64_t sequence = 0) {
    core_.published(core_.epoch(), seq, Stored{sequence == 0 ? 100 + seq : sequence, false}, now_);
  }
  void fail(Seq seq, PublishFailure failure) { core_.published(core_.epoch(), seq, std::unexpected(failure), now_); }
  void pass(clock::Duration time) {
    now_ += time;
    core_.tick(now_);
  }

  clock::TimePoint now_{seconds(1'000'000)};
  RelayCore core_;
  std::vector<Seq> publishes_;
  std::vector<Seq> dead_;
  std::optional<SweepRequest> sweep_;
  std::optional<RelayMark> save_;
  std::optional<Seq> delete_;
  bool asked_ = false;
};

TEST_F(Relay, PublishesWhatIsHandedOverAtOnceAndWithoutASweep) {
  commit({row(11, "a"), row(12, "b")});
  EXPECT_THAT(published(), ElementsAre(11, 12));
  EXPECT_FALSE(wants_sweep());
}

TEST_F(Relay, PublishesNothingForACommitThatIsOnlyAnnounced) {
  core_.announced();
  pass(milliseconds(100));
  EXPECT_THAT(published(), IsEmpty());
}

TEST_F(Relay, SendsTheNextRowOfAKeyWhenTheOneBeforeIsConfirmed) {
  commit({row(11, "a"), row(12, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
  confirm(11);
  EXPECT_THAT(published(), ElementsAre(12));
}

TEST_F(Relay, WaitsForTheEarlierCommitThatIsNotDecidedYet) {
  const Ticket first = core_.announced();
  commit({row(12, "a")});
  EXPECT_THAT(published(), IsEmpty());
  EXPECT_FALSE(wants_sweep());
  core_.committed(first, {row(11, "a")}, now_);
  EXPECT_THAT(published(), ElementsAre(11));
  confirm(11);
  EXPECT_THAT(published(), ElementsAre(12));
}

TEST_F(Relay, LooksIntoTheDatabaseWhenNoCommitOfItsOwnCanFillTheGap) {
  const Ticket first = core_.announced();
  commit({row(12, "a")});
  core_.rolled_back(first, now_);
  ASSERT_TRUE(wants_sweep());
  EXPECT_THAT(sweep_->gaps, ElementsAre(SeqRange{11, 11}));
  EXPECT_EQ(sweep_->above, 12u);
  answer_sweep({});
  EXPECT_THAT(published(), ElementsAre(12));
}

TEST_F(Relay, DoesNotWaitForCommitsAnnouncedAfterTheRowWasHandedOver) {
  commit({row(12, "a")});
  take();
  sweep_.reset();  // asked for at once: nothing of ours can be 11
  const Ticket later = core_.announced();
  core_.swept(core_.epoch(), Swept{{}, 1001, 1001}, now_);
  EXPECT_THAT(published(), ElementsAre(12));
  core_.committed(later, {row(13, "b")}, now_);
  EXPECT_THAT(published(), ElementsAre(13));
}

TEST_F(Relay, LosesPatienceWithACommitThatTakesLong) {
  core_.announced();
  commit({row(12, "a")});
  EXPECT_FALSE(wants_sweep());
  EXPECT_EQ(core_.next_wake(), now_ + milliseconds(5));
  pass(milliseconds(5));
  answer_sweep({row(12, "a")}, 999, 1000);
  EXPECT_THAT(published(), ElementsAre(12));
}

TEST_F(Relay, PublishesARowThatASweepPassedOverWhenItIsHandedOverLate) {
  const Ticket slow = core_.announced();
  commit({row(12, "a")});
  pass(milliseconds(5));
  answer_sweep({row(12, "a")}, 999, 1000);
  published();
  core_.committed(slow, {row(11, "b")}, now_);
  EXPECT_THAT(published(), ElementsAre(11));
}

TEST_F(Relay, PublishesTheRowOfAnotherReplicaBeforeOursThatMayFollowFromIt) {
  commit({row(12, "a")});  // 11 is not ours
  EXPECT_THAT(published(), IsEmpty());
  answer_sweep({row(11, "a"), row(12, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
  confirm(11);
  EXPECT_THAT(published(), ElementsAre(12));
}

TEST_F(Relay, PublishesALateRowOfAnotherReplicaBeforeOursThatMayFollowFromIt) {
  pass(seconds(1));
  answer_sweep({row(12, "b")}, 500, 510);  // 11 is still undecided
  published();
  pass(seconds(1));
  take();
  const SweepRequest under_way = *sweep_;  // it will show 11
  EXPECT_THAT(under_way.gaps, ElementsAre(SeqRange{11, 11}));
  commit({row(13, "a")});
  EXPECT_THAT(published(), IsEmpty());
  answer_sweep({row(11, "a")}, 510, 520);
  EXPECT_THAT(published(), ElementsAre(11));
  confirm(11);
  EXPECT_THAT(published(), ElementsAre(13));
}

TEST_F(Relay, DoesNotTakeCommitsUnderWayForGapsInItsRegularSweep) {
  const Ticket first = core_.announced();
  const Ticket second = core_.announced();
  pass(seconds(1));
  answer_sweep({row(12, "a")}, 500, 510);
  EXPECT_THAT(published(), IsEmpty());
  core_.committed(first, {row(11, "a")}, now_);
  EXPECT_THAT(published(), ElementsAre(11));
  core_.committed(second, {row(12, "a")}, now_);
  confirm(11);
  EXPECT_THAT(published(), ElementsAre(12));
  EXPECT_FALSE(wants_sweep());
}

TEST_F(Relay, SweepsAtOnceWhenTheOutcomeOfACommitIsUnknown) {
  const Ticket ticket = core_.announced();
  core_.unknown(ticket, now_);
  answer_sweep({row(11, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
}

TEST_F(Relay, HoldsLaterRowsUntilASweepHasFoundOutAboutAnUnknownCommit) {
  core_.unknown(core_.announced(), now_);
  take();
  commit({row(12, "a")});
  EXPECT_THAT(published(), IsEmpty());
  answer_sweep({});  // from before 12 was committed
  EXPECT_THAT(published(), IsEmpty());
  answer_sweep({row(11, "a"), row(12, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
}

TEST_F(Relay, DoesNotPublishTwiceWhatASweepFoundBeforeItWasHandedOver) {
  const Ticket ticket = core_.announced();
  pass(seconds(1));
  answer_sweep({row(11, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
  confirm(11);
  core_.committed(ticket, {row(11, "a")}, now_);
  EXPECT_THAT(published(), IsEmpty());
}

TEST_F(Relay, SweepsOncePerIntervalWhenNothingHappens) {
  pass(milliseconds(999));
  EXPECT_FALSE(wants_sweep());
  pass(milliseconds(1));
  answer_sweep({row(11, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
  EXPECT_FALSE(wants_sweep());
}

TEST_F(Relay, AsksForAPassedOverNumberUntilItsTransactionIsDecided) {
  pass(seconds(1));
  answer_sweep({row(13, "a")}, 500, 510);
  confirm(13);
  EXPECT_EQ(core_.settled(), 10u);
  pass(seconds(1));
  ASSERT_TRUE(wants_sweep());
  EXPECT_THAT(sweep_->gaps, ElementsAre(SeqRange{11, 12}));
  EXPECT_EQ(sweep_->above, 13u);
  answer_sweep({row(12, "a")}, 505, 520);
  EXPECT_THAT(published(), ElementsAre(13, 12));
  confirm(12);
  EXPECT_EQ(core_.settled(), 10u);
  pass(seconds(1));
  answer_sweep({}, 510, 530);
  EXPECT_EQ(core_.settled(), 13u);
}

TEST_F(Relay, PublishesAgainWhatTheBrokerDidNotConfirmAndInOrder) {
  commit({row(11, "a"), row(12, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
  fail(11, PublishFailure::unconfirmed);
  answer_broker({"broker-1", 100});
  EXPECT_THAT(published(), ElementsAre(11));
  confirm(11);
  EXPECT_THAT(published(), ElementsAre(12));
  EXPECT_EQ(core_.figures().unconfirmed, 1u);
}

TEST_F(Relay, BacksOffWithARowThatStaysUnconfirmed) {
  commit({row(11, "a")});
  fail(11, PublishFailure::unconfirmed);
  answer_broker({"broker-1", 100});
  published();
  fail(11, PublishFailure::unconfirmed);
  EXPECT_THAT(published(), IsEmpty());
  pass(milliseconds(200));
  EXPECT_THAT(published(), ElementsAre(11));
}

TEST_F(Relay, GoesOnWithTheKeyWhenARefusedRowIsRecordedDead) {
  commit({row(11, "a"), row(12, "a")});
  published();
  fail(11, PublishFailure::refused);
  EXPECT_THAT(published(), IsEmpty());
  EXPECT_THAT(dead_, ElementsAre(11));
  core_.dead_recorded(core_.epoch(), 11, true, now_);
  EXPECT_THAT(published(), ElementsAre(12));
  EXPECT_EQ(core_.figures().dead, 1u);
}

TEST_F(Relay, OffersARefusedRowAgainWhenItsDeathCouldNotBeRecorded) {
  commit({row(11, "a")});
  published();
  fail(11, PublishFailure::refused);
  core_.dead_recorded(core_.epoch(), 11, false, now_);
  EXPECT_THAT(published(), IsEmpty());
  pass(seconds(1));
  EXPECT_THAT(published(), ElementsAre(11));
}

TEST_F(Relay, PublishesNothingWhileTheBrokerIsAwayAndAllInOrderWhenItIsBack) {
  core_.connection(false, now_);
  commit({row(11, "a"), row(12, "a"), row(13, "b")});
  EXPECT_THAT(published(), IsEmpty());
  core_.connection(true, now_);
  EXPECT_THAT(published(), IsEmpty());
  answer_broker({"broker-1", 100});
  EXPECT_THAT(published(), ElementsAre(11, 13));
}

TEST_F(Relay, SavesWhatIsSettledLaterAndNotPerRow) {
  commit({row(11, "a")});
  commit({row(12, "a")});
  confirm(11);
  confirm(12);
  take();
  EXPECT_FALSE(save_);
  pass(seconds(1));
  take();
  EXPECT_EQ(save_, (RelayMark{12, "broker-1", 112}));
  core_.saved(core_.epoch(), *save_, true, now_);
  save_.reset();
  pass(seconds(5));
  take();
  EXPECT_FALSE(save_);
}

TEST_F(Relay, NeverSettlesBeyondARowThatIsNotConfirmed) {
  commit({row(11, "a"), row(12, "b")});
  confirm(12);
  EXPECT_EQ(core_.settled(), 10u);
  confirm(11);
  EXPECT_EQ(core_.settled(), 12u);
}

TEST_F(Relay, PublishesEverythingItKeptAgainWhenTheBrokerIsAnother) {
  commit({row(11, "a")});
  confirm(11);
  published();
  core_.connection(false, now_);
  core_.connection(true, now_);
  answer_broker({"broker-2", 0});
  EXPECT_EQ(core_.figures().refills, 1u);
  EXPECT_EQ(sweep_->above, 0u);
  answer_sweep({row(9, "a"), row(10, "b"), row(11, "a")});
  EXPECT_THAT(published(), ElementsAre(9, 10));
  confirm(9, 1);
  confirm(10, 2);
  pass(seconds(2));
  take();
  EXPECT_FALSE(save_) << "a crash now must start over";
  confirm(11, 3);
  take();
  EXPECT_EQ(save_, (RelayMark{11, "broker-2", 3}));
}

TEST_F(Relay, FillsABrokerThatLostTheEndOfWhatItConfirmed) {
  commit({row(11, "a")});
  confirm(11);
  core_.connection(false, now_);
  core_.connection(true, now_);
  answer_broker({"broker-1", 110});
  EXPECT_EQ(core_.figures().refills, 1u);
}

TEST_F(Relay, AsksWhoTheBrokerIsWhenItsSequenceStepsBack) {
  commit({row(11, "a")});
  confirm(11, 100'000);
  commit({row(12, "a")});
  confirm(12, 1);
  answer_broker({"broker-2", 1});
  EXPECT_EQ(core_.figures().refills, 1u);
}

TEST_F(Relay, DoesNotTrustAnAnswerFromBeforeTheConnectionBroke) {
  core_.connection(false, now_);
  core_.connection(true, now_);
  take();
  core_.connection(false, now_);
  core_.connection(true, now_);
  answer_broker({"broker-1", 100});
  commit({row(11, "a")});
  EXPECT_THAT(published(), IsEmpty());
  answer_broker({"broker-2", 0});
  EXPECT_EQ(core_.figures().refills, 1u);
}

TEST_F(Relay, AsksAgainLaterWhenTheBrokerDoesNotSayWhoItIs) {
  core_.connection(true, now_);
  take();
  asked_ = false;
  core_.broker_state(core_.epoch(), errors::fail(errors::ErrorKind::unavailable, "away", "Away."), now_);
  take();
  EXPECT_FALSE(asked_);
  pass(seconds(1));
  answer_broker({"broker-1", 100});
}

TEST_F(Relay, SweepsAgainLaterWhenTheDatabaseIsAway) {
  pass(seconds(1));
  ASSERT_TRUE(wants_sweep());
  sweep_.reset();
  core_.swept(core_.epoch(), errors::fail(errors::ErrorKind::unavailable, "away", "Away."), now_);
  EXPECT_FALSE(wants_sweep());
  pass(milliseconds(100));
  EXPECT_TRUE(wants_sweep());
}

TEST_F(Relay, DeletesRowsWhenTheirRetentionIsOver) {
  commit({row(11, "a")});
  confirm(11);
  pass(seconds(31));
  pass(std::chrono::minutes(10));
  take();
  EXPECT_EQ(delete_, 11u);
  delete_.reset();
  core_.deleted(core_.epoch(), 11, true, now_);
  pass(milliseconds(50));
  take();
  EXPECT_EQ(delete_, 11u);
  core_.deleted(core_.epoch(), 11, false, now_);
  delete_.reset();
  pass(std::chrono::minutes(20));
  take();
  EXPECT_FALSE(delete_);
}

TEST_F(Relay, IgnoresNewsFromBeforeItLostTheLead) {
  commit({row(11, "a")});
  published();
  const auto old = core_.epoch();
  core_.stop();
  lead({10, "broker-1", 100});
  commit({row(11, "a"), row(12, "a")});
  EXPECT_THAT(published(), ElementsAre(11));
  core_.published(old, 11, Stored{111, false}, now_);
  EXPECT_THAT(published(), IsEmpty());
}

TEST_F(Relay, TakesNothingInMemoryWhileItDoesNotLead) {
  core_.stop();
  commit({row(11, "a")});
  EXPECT_THAT(published(), IsEmpty());
  EXPECT_TRUE(core_.is_drained());
}

TEST_F(Relay, IsDrainedWhenAllCommitsAreDecidedAndConfirmed) {
  const Ticket ticket = core_.announced();
  EXPECT_FALSE(core_.is_drained());
  core_.committed(ticket, {row(11, "a")}, now_);
  EXPECT_FALSE(core_.is_drained());
  confirm(11);
  EXPECT_TRUE(core_.is_drained());
}

RelayOptions small_memory() {
  RelayOptions options;
  options.max_rows = 4;
  options.max_held = 2;
  options.sweep_limit = 2;
  return options;
}

class RelayWithLittleMemory : public Relay {
 protected:
  RelayWithLittleMemory() : Relay(small_memory()) {}
};

TEST_F(RelayWithLittleMemory, ForgetsRowsWhileTheBrokerIsAwayAndReadsThemAgainInOrder) {
  core_.connection(false, now_);
  for (Seq seq = 11; seq <= 20; ++seq) commit({row(seq, "a")});
  EXPECT_GT(core_.figures().spilled, 0u);
  EXPECT_LE(core_.figures().backlog, 6u);
  EXPECT_TRUE(core_.figures().behind);
  core_.connection(true, now_);
  answer_broker({"broker-1", 100});
  std::vector<Seq> order;
  for (int round = 0; round < 40 && !core_.is_drained(); ++round) {
    for (const Seq seq : published()) {
      order.push_back(seq);
      confirm(seq);
    }
    if (wants_sweep()) {
      std::vector<OutboxRow> rows;
      for (Seq seq = 11; seq <= 20 && rows.size() < sweep_->limit; ++seq) {
        bool wanted = seq > sweep_->above;
        for (const auto& gap : sweep_->gaps) wanted = wanted || (gap.first <= seq && seq <= gap.last);
        if (wanted) rows.push_back(row(seq, "a"));
      }
      answer_sweep(rows);
    }
  }
  EXPECT_THAT(order, ElementsAre(11, 12, 13, 14, 15, 16, 17, 18, 19, 20));
  EXPECT_FALSE(core_.figures().behind);
}

}  // namespace
}  // namespace pkg::messaging
