#include "pkg/faults/plan.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "pkg/faults/crash_point.hpp"

namespace pkg::faults {
namespace {

TEST(CrashPlan, IsReadFromALine) {
  EXPECT_EQ(read_fatal("unit.committed|call CheckOut|2"), (Fatal{"unit.committed|call CheckOut", 2}));
  for (const char* wrong : {"", "unit.committed", "unit.committed|2", "unit.committed|call CheckOut|", "unit.committed|call CheckOut|0",
                            "unit.committed|call CheckOut|2x", "unit.committed|call CheckOut|-1"}) {
    EXPECT_EQ(read_fatal(wrong), std::nullopt) << wrong;
  }
}

TEST(CrashPlan, OnlyTheGivenPassesOfTheGivenPointsAreFatal) {
  Plan plan({{"a|x", 2}, {"a|x", 3}, {"b|x", 1}});
  EXPECT_EQ(plan.passes("a|x"), std::nullopt);
  EXPECT_EQ(plan.passes("a|y"), std::nullopt);
  EXPECT_EQ(plan.passes("b|x"), 1u);
  EXPECT_EQ(plan.passes("b|x"), std::nullopt);
  EXPECT_EQ(plan.passes("a|x"), 2u);
  EXPECT_EQ(plan.passes("a|x"), 3u);
  EXPECT_EQ(plan.passes("a|x"), std::nullopt);
  EXPECT_EQ(Plan({}).passes("a|x"), std::nullopt);
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

TEST(CrashPointDeathTest, AThreadMayBeAtSeveralThingsAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("MALL_CRASH_AT", "unit.committed|message b|2", 1);
        for (const auto* names : {"ab", "a", "ba"}) {
          const Scope scope("message", std::string_view(names), [](char name) { return std::string(1, name); });
          std::fprintf(stderr, "at %s ", names);
          crash_point("unit.committed");
        }
        std::exit(0);
      },
      testing::KilledBySignal(SIGKILL), "at ab at a at ba");
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
