#include "pkg/faults/plan.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "pkg/faults/crash_point.hpp"

namespace pkg::faults {
namespace {

TEST(CrashPlan, IsReadFromOneLine) {
  EXPECT_EQ(read_fatal("unit.committed|call CheckOut|2"), (Fatal{"unit.committed|call CheckOut", 2}));
  for (const char* wrong : {"", "unit.committed", "unit.committed|2", "unit.committed|call CheckOut|", "unit.committed|call CheckOut|0",
                            "unit.committed|call CheckOut|2x", "unit.committed|call CheckOut|-1"}) {
    EXPECT_EQ(read_fatal(wrong), std::nullopt) << wrong;
  }
}

TEST(CrashPlan, OnlyTheGivenPassOfTheGivenPointIsFatal) {
  Plan plan(Fatal{"a|x", 2});
  EXPECT_FALSE(plan.passes("a|x"));
  EXPECT_FALSE(plan.passes("a|y"));
  EXPECT_FALSE(plan.passes("b|x"));
  EXPECT_TRUE(plan.passes("a|x"));
  EXPECT_FALSE(plan.passes("a|x"));
  EXPECT_FALSE(Plan(std::nullopt).passes("a|x"));
}

TEST(CrashPointDeathTest, TheProcessDiesWhereTheEnvironmentSaysSo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("MALL_CRASH_AT", "unit.committed|call CheckOut|2", 1);
        crash_point("unit.committed", "call CheckOut");
        const Scope scope("call", "CheckOut");
        crash_point("unit.begun");
        std::fprintf(stderr, "still alive\n");
        crash_point("unit.committed");
        std::exit(0);
      },
      testing::KilledBySignal(SIGKILL), "still alive");
}

TEST(CrashPointDeathTest, AnOrderThatCannotBeReadIsRefused) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("MALL_CRASH_AT", "unit.committed", 1);
        crash_point("unit.committed");
      },
      testing::ExitedWithCode(2), "has to be 'point.about.pass'");
}

}  // namespace
}  // namespace pkg::faults
