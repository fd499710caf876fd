#include "pkg/grpc/deadlines.hpp"

#include <gtest/gtest.h>

namespace pkg::grpc {
namespace {

constexpr Deadlines::Ms hour = 3'600'000;

TEST(DeadlinesTest, NothingIsDueWhereNothingWasAdded) { EXPECT_EQ(Deadlines().next_after(5'000), Deadlines::never); }

TEST(DeadlinesTest, NothingIsDueBeforeTheFirst) {
  Deadlines deadlines;
  deadlines.add(2 * hour);
  deadlines.add(hour);
  EXPECT_EQ(deadlines.next_after(5'000), hour);
}

TEST(DeadlinesTest, NearADeadlineItMayBeDueAtOnce) {
  Deadlines deadlines;
  deadlines.add(10'300);  // in one span
  deadlines.add(10'500);
  EXPECT_EQ(deadlines.next_after(0), 10'300);
  for (Deadlines::Ms now = 0; now <= 10'500; ++now) {
    const auto next = deadlines.next_after(now);
    EXPECT_GE(next, now);
    EXPECT_LE(next, 10'500) << "at " << now;
  }
}

TEST(DeadlinesTest, WhatIsOverIsForgotten) {
  Deadlines deadlines;
  deadlines.add(10'500);
  deadlines.add(hour);
  EXPECT_EQ(deadlines.next_after(12'000), hour);
  EXPECT_EQ(deadlines.next_after(hour + 1'024), Deadlines::never);
}

TEST(DeadlinesTest, WhatNeverComesIsNoDeadline) {
  Deadlines deadlines;
  deadlines.add(Deadlines::never);
  EXPECT_EQ(deadlines.next_after(0), Deadlines::never);
}

TEST(DeadlinesTest, BeforeTheEpochToo) {
  Deadlines deadlines;
  deadlines.add(-1);
  EXPECT_EQ(deadlines.next_after(-5'000), -1);
  EXPECT_EQ(deadlines.next_after(0), Deadlines::never);
}

}  // namespace
}  // namespace pkg::grpc
