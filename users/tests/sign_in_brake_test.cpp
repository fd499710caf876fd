// How guessing is slowed down.

#include "users/internal/app/sign_in_brake.hpp"

#include <gtest/gtest.h>

namespace users::app {
namespace {

using namespace std::chrono_literals;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};

TEST(SignInBrake, StopsAUsernameAfterTooManyFailuresUntilTheOldestIsPast) {
  SignInBrake brake({.most = 3, .window = 5min});
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(brake.check("ann", t0 + i * 1min));
    brake.failed("ann", t0 + i * 1min);
  }
  EXPECT_EQ(brake.check("ann", t0 + 3min).error().code, "too_many_failed_sign_ins");
  EXPECT_TRUE(brake.check("bob", t0 + 3min));
  EXPECT_TRUE(brake.check("ann", t0 + 5min)) << "the first failure is past";
}

TEST(SignInBrake, ForgetsFailuresAfterASuccess) {
  SignInBrake brake({.most = 2, .window = 5min});
  brake.failed("ann", t0);
  brake.succeeded("ann");
  brake.failed("ann", t0);
  EXPECT_TRUE(brake.check("ann", t0));
}

TEST(SignInBrake, RemembersSoManyUsernamesAndForgetsTheOneThatFailedLongestAgo) {
  SignInBrake brake({.most = 1, .window = 5min, .usernames = 2});
  brake.failed("ann", t0);
  brake.failed("bob", t0 + 1s);
  brake.failed("cat", t0 + 2s);
  EXPECT_TRUE(brake.check("ann", t0 + 3s));
  EXPECT_FALSE(brake.check("bob", t0 + 3s));
  EXPECT_FALSE(brake.check("cat", t0 + 3s));
}

}  // namespace
}  // namespace users::app
