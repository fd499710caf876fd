#include "mallctl/audit/suspicions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mallctl::audit {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr pkg::clock::TimePoint now{1'000s};
constexpr Limits live{.within = 60s};

Finding one(const std::string& found = "none") { return {"order 1", "an invoice", found}; }
Finding other() { return {"order 2", "an invoice", "none"}; }

Verdict wrong(std::initializer_list<Finding> findings) {
  Verdict verdict(now, live);
  for (const auto& finding : findings) verdict.wrong(finding);
  return verdict;
}

TEST(Verdicts, TakeWhatIsYoungForUnderWayAndTheRestForSuspicious) {
  Verdict verdict(now, live);
  verdict.late(now - 59s, one());
  EXPECT_THAT(verdict.suspicions(), IsEmpty());
  EXPECT_EQ(verdict.count_under_way(), 1u);
  verdict.late(now - 60s, one());
  ASSERT_EQ(verdict.suspicions().size(), 1u);
  EXPECT_FALSE(verdict.suspicions()[0].has_to_last);
}

TEST(Verdicts, TakeWhatHappenedAfterTheLookBeganForUnderWay) {
  Verdict verdict(now, {.within = 0s});
  verdict.late(now + 1us, one());
  EXPECT_THAT(verdict.suspicions(), IsEmpty());
}

TEST(Verdicts, TakeNothingForUnderWayWhereEverythingShouldHaveEnded) {
  Verdict verdict(now, {.within = 60s, .settled = true});
  verdict.late(now + 1s, one());
  verdict.differs(other());
  ASSERT_EQ(verdict.suspicions().size(), 2u);
  for (const auto& suspicion : verdict.suspicions()) EXPECT_FALSE(suspicion.has_to_last);
}

TEST(SuspicionsTest, AreSureAtOnceWhereThereAreNone) { EXPECT_TRUE(Suspicions(wrong({})).are_sure(0s, live)); }

TEST(SuspicionsTest, AreFindingsWhenTheyAreSeenAgain) {
  Suspicions suspicions(wrong({one(), other()}));
  EXPECT_FALSE(suspicions.are_sure(1h, live)) << "one look is not enough";
  suspicions.look_again(wrong({one(), other()}));
  EXPECT_TRUE(suspicions.are_sure(1s, live));
  EXPECT_THAT(suspicions.findings(), ElementsAre(one(), other()));
  EXPECT_EQ(suspicions.vanished(), 0u);
}

TEST(SuspicionsTest, WereUnderWayWhenTheyAreGoneOrOtherThanBefore) {
  Suspicions suspicions(wrong({one("none"), other()}));
  suspicions.look_again(wrong({one("pending")}));
  EXPECT_TRUE(suspicions.are_sure(1s, live));
  EXPECT_THAT(suspicions.findings(), IsEmpty());
  EXPECT_EQ(suspicions.vanished(), 2u);
}

TEST(SuspicionsTest, DoNotGrowSoThatAnAuditOfABusyMallEnds) {
  Suspicions suspicions(wrong({one()}));
  suspicions.look_again(wrong({one(), other()}));
  EXPECT_THAT(suspicions.findings(), ElementsAre(one()));
}

TEST(SuspicionsTest, HaveToLastWhereNobodyKnowsSinceWhenTheyAreThere) {
  Verdict verdict(now, live);
  verdict.differs(one());
  Suspicions suspicions(verdict);
  suspicions.look_again(verdict);
  EXPECT_FALSE(suspicions.are_sure(59s, live));
  EXPECT_TRUE(suspicions.are_sure(60s, live));
}

}  // namespace
}  // namespace mallctl::audit
