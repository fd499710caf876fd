#include "pkg/messaging/relay/sequence_ledger.hpp"

#include <gtest/gtest.h>

namespace pkg::messaging {
namespace {

using Ranges = std::vector<SeqRange>;

TEST(SequenceLedger, KnowsWhatItHeardInARow) {
  SequenceLedger ledger;
  ledger.reset(10);
  ledger.hear(11);
  ledger.hear(12);
  EXPECT_TRUE(ledger.knows(12));
  EXPECT_FALSE(ledger.knows(13));
  EXPECT_EQ(ledger.known_up_to(), 12u);
}

TEST(SequenceLedger, RemembersWhatWasPassedOverAsAGap) {
  SequenceLedger ledger;
  ledger.reset(10);
  ledger.pass(14);
  ledger.hear(15);
  EXPECT_FALSE(ledger.knows(12));
  EXPECT_TRUE(ledger.knows(15));
  EXPECT_EQ(ledger.known_up_to(), 10u);
  EXPECT_EQ(ledger.gaps(10), (Ranges{{11, 14}}));
}

TEST(SequenceLedger, SplitsAGapWhereARowOfItIsHeardLater) {
  SequenceLedger ledger;
  ledger.reset(10);
  ledger.pass(15);
  ledger.hear(13);
  EXPECT_EQ(ledger.gaps(10), (Ranges{{11, 12}, {14, 15}}));
  ledger.hear(11);
  ledger.hear(15);
  ledger.hear(14);
  EXPECT_EQ(ledger.gaps(10), (Ranges{{12, 12}}));
  ledger.hear(12);
  EXPECT_EQ(ledger.known_up_to(), 15u);
}

TEST(SequenceLedger, ClosesAGapOnlyWhenEveryPossibleOwnerIsDecided) {
  SequenceLedger ledger;
  ledger.reset(10);
  ledger.pass(12);
  ledger.close(99, 1000);
  EXPECT_EQ(ledger.known_up_to(), 10u) << "who may own it was never said";
  ledger.bound(100);
  ledger.close(99, 99);
  EXPECT_EQ(ledger.known_up_to(), 10u);
  ledger.close(99, 100);
  EXPECT_EQ(ledger.known_up_to(), 12u);
}

TEST(SequenceLedger, BoundsGapsByWhatBeganAfterThem) {
  SequenceLedger ledger;
  ledger.reset(10);
  ledger.pass(12);
  ledger.bound(100);
  ledger.hear(13);
  ledger.pass(15);
  ledger.bound(200);
  ledger.close(99, 150);
  EXPECT_EQ(ledger.gaps(10), (Ranges{{14, 15}})) << "the first had the lower bound";
}

TEST(SequenceLedger, KeepsAGapThatTheSweepDidNotReach) {
  SequenceLedger ledger;
  ledger.reset(10);
  ledger.pass(12);
  ledger.bound(100);
  ledger.close(11, 200);
  EXPECT_EQ(ledger.gap_count(), 1u);
}

TEST(SequenceLedger, AsksForManyGapsAsOneRange) {
  SequenceLedger ledger;
  ledger.reset(0);
  for (Seq seq = 2; seq <= 20; seq += 2) {
    ledger.pass(seq - 1);
    ledger.hear(seq);
  }
  EXPECT_EQ(ledger.gap_count(), 10u);
  EXPECT_EQ(ledger.gaps(2), (Ranges{{1, 1}, {3, 20}}));
}

}  // namespace
}  // namespace pkg::messaging
