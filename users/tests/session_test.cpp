// The rules of refresh tokens.

#include "users/internal/domain/session.hpp"

#include <gtest/gtest.h>

#include <set>

namespace users::domain {
namespace {

using R = SessionRejection;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
const RefreshToken live{"digest", {}, {}, t0 + std::chrono::hours{1}, false, false};

RefreshToken with(bool used, bool revoked, pkg::clock::TimePoint expires_at = t0 + std::chrono::hours{1}) {
  auto token = live;
  token.used = used;
  token.revoked = revoked;
  token.expires_at = expires_at;
  return token;
}

TEST(RefreshSession, TakesALiveTokenUntilItExpires) {
  EXPECT_TRUE(may_refresh(live, t0));
  EXPECT_TRUE(may_refresh(live, live.expires_at - std::chrono::microseconds{1}));
  EXPECT_EQ(may_refresh(live, live.expires_at).error().reason, R::refresh_token_expired);
}

TEST(RefreshSession, RefusesAnUnknownARevokedAndAUsedToken) {
  EXPECT_EQ(may_refresh(std::nullopt, t0).error().reason, R::refresh_token_unknown);
  EXPECT_EQ(may_refresh(with(false, true), t0).error().reason, R::session_revoked);
  EXPECT_EQ(may_refresh(with(true, false), t0).error().reason, R::refresh_token_reused);
}

TEST(RefreshSession, FindsASecondUseAlsoAfterTheTokenExpiredAndCallsItReusedOnceOnly) {
  EXPECT_EQ(may_refresh(with(true, false, t0), t0).error().reason, R::refresh_token_reused);
  EXPECT_EQ(may_refresh(with(true, true), t0).error().reason, R::session_revoked);
}

TEST(SessionRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::refresh_token_expired); ++reason) {
    EXPECT_TRUE(codes.insert(to_error({static_cast<R>(reason), "Why."}).code).second);
  }
  EXPECT_EQ(to_error({R::too_many_failed_sign_ins, "Why."}).kind, pkg::errors::ErrorKind::too_many);
  EXPECT_EQ(to_error({R::service_sessions_disabled, "Why."}).kind, pkg::errors::ErrorKind::forbidden);
  EXPECT_EQ(to_error(wrong_credentials()).kind, pkg::errors::ErrorKind::unauthenticated);
}

}  // namespace
}  // namespace users::domain
