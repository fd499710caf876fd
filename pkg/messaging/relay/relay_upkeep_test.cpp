// The broker's failures, the database's, and the relay's own memory.

#include "pkg/messaging/relay/relay_test_fixture.hpp"

namespace pkg::messaging::relay_test {
namespace {

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
  core_.dead_recorded(core_.epoch(), {11}, true, now_);
  EXPECT_THAT(published(), ElementsAre(12));
  EXPECT_EQ(core_.figures().dead, 1u);
}

TEST_F(Relay, OffersARefusedRowAgainWhenItsDeathCouldNotBeRecorded) {
  commit({row(11, "a")});
  published();
  fail(11, PublishFailure::refused);
  core_.dead_recorded(core_.epoch(), {11}, false, now_);
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

TEST_F(Relay, FillsAnEmptiedBrokerWithWhatSomebodyHasNotHandledYet) {
  core_.stop();
  lead({10, "broker-1", 100, 10, {"depot mall.events"}});
  commit({row(11, "a")});
  confirm(11);
  pass(seconds(5));
  take();
  ASSERT_EQ(asked_positions_, (std::vector<std::string>{"mall.events"}));
  commit({row(12, "a")});
  confirm(12);
  core_.saved(core_.epoch(), *save_, true, now_);
  core_.positions(core_.epoch(), Positions{{"broker-1", 112}, {{"depot", "mall.events", 111}}}, now_);
  EXPECT_EQ(core_.figures().unhandled, 1u);
  pass(seconds(1));
  take();
  EXPECT_EQ(save_, (RelayMark{12, "broker-1", 112, 11, {"depot mall.events"}}));
  core_.connection(false, now_);
  core_.connection(true, now_);
  answer_broker({"broker-2", 0});
  EXPECT_EQ(sweep_->above, 11u);
}

TEST_F(Relay, DoesNotGiveABrokerThatMayBeAnotherWhatWasMeantForTheLastOne) {
  commit({row(11, "a")});
  auto actions = core_.take_actions();
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_TRUE(core_.may_publish(actions[0]));
  core_.connection(false, now_);
  core_.connection(true, now_);
  EXPECT_FALSE(core_.may_publish(actions[0]));
  core_.withdraw(actions[0], now_);
  answer_broker({"broker-1", 100});
  EXPECT_THAT(published(), ElementsAre(11));
}

TEST_F(Relay, BelievesNobodysPositionWhileTheBrokerIsBeingFilled) {
  commit({row(11, "a")});
  confirm(11);
  pass(seconds(5));
  take();
  asked_positions_.reset();
  const auto asked_at = core_.epoch();
  core_.connection(false, now_);
  core_.connection(true, now_);
  answer_broker({"broker-2", 0});
  core_.positions(asked_at, Positions{{"broker-2", 0}, {}}, now_);
  EXPECT_EQ(core_.figures().unhandled, 0u);
  pass(minutes(1));
  take();
  EXPECT_FALSE(asked_positions_);
  answer_sweep({row(11, "a")});
  confirm(11, 1);
  pass(seconds(5));
  take();
  EXPECT_TRUE(asked_positions_);
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
  core_.published(old, {11}, Stored{111, false}, now_);
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
  options.max_messages = 4;
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
}  // namespace pkg::messaging::relay_test
