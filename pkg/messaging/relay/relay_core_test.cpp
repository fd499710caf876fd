// From the commit to the publish: what goes out, and in which order.

#include "pkg/messaging/relay/relay_test_fixture.hpp"

namespace pkg::messaging::relay_test {
namespace {

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

class BriskRelay : public Relay {
 protected:
  BriskRelay() : Relay({.brisk_interval = milliseconds(50), .brisk_time = seconds(5)}) {}
};

TEST_F(BriskRelay, SweepsOftenWhileThePreviousLeaderMayStillCommit) {
  for (int i = 0; i < 100; ++i) {
    pass(milliseconds(49));
    EXPECT_FALSE(wants_sweep());
    pass(milliseconds(1));
    answer_sweep({});
  }
  pass(milliseconds(999));
  EXPECT_FALSE(wants_sweep());
}

class RelayAlone : public Relay {
 protected:
  RelayAlone() : Relay({.sweep_interval = seconds(1), .others_time = seconds(10), .alone_interval = seconds(30)}) {
    for (int second = 0; second < 10; ++second) sweeps_after(seconds(1));
  }
  void sweeps_after(clock::Duration time) {
    pass(time - milliseconds(1));
    EXPECT_FALSE(wants_sweep());
    pass(milliseconds(1));
    answer_sweep({});
  }
};

TEST_F(RelayAlone, SweepsSeldomOnceNoOtherProcessIsAbout) {
  sweeps_after(seconds(30));
  sweeps_after(seconds(30));
}

TEST_F(RelayAlone, SweepsOftenFromWhenAnotherProcessIsHeardOfUntilAfterItIsGone) {
  pass(seconds(7));
  core_.others_write(now_);
  for (int second = 0; second < 5; ++second) sweeps_after(seconds(1));
  core_.others_write(now_);
  for (int second = 0; second < 10; ++second) sweeps_after(seconds(1));
  sweeps_after(seconds(30));
}

TEST_F(RelayAlone, SweepsOftenWhileAPassedOverNumberIsUndecided) {
  pass(seconds(30));
  answer_sweep({row(13, "a")}, 500, 510);
  confirm(13);
  sweeps_after(seconds(1));
}

TEST_F(Relay, CountsWhatItLeavesToAnotherLeader) {
  commit({row(11, "a")});
  core_.stop();
  EXPECT_EQ(core_.figures().passed_over, 0u);
  commit({row(12, "a"), row(13, "b")});
  EXPECT_EQ(core_.figures().passed_over, 2u);
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

}  // namespace
}  // namespace pkg::messaging::relay_test
