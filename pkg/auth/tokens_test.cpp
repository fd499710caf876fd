#include "pkg/auth/tokens.hpp"

#include <gmock/gmock.h>

#include <iostream>
#include <thread>

#include "pkg/auth/cpu_time_for_tests.hpp"
#include "pkg/auth/tokens_for_tests.hpp"

namespace pkg::auth {
namespace {

using namespace std::chrono_literals;

TEST(Verifier, ReadsBackWhatTheSignerIssued) {
  Issuer issuer;
  const auto verified = issuer.verifier.verify(issuer.token());
  ASSERT_TRUE(verified) << verified.error().detail;
  EXPECT_EQ(*verified, issuer.claims());
}

TEST(Verifier, TakesAMachinesTokenWithoutSessionAndRoles) {
  Issuer issuer;
  auto claims = issuer.claims();
  claims.session.clear();
  claims.roles.clear();
  EXPECT_EQ(issuer.verifier.verify(issuer.signer.issue(claims).value()), claims);
}

TEST(Verifier, RefusesAnExpiredTokenAlsoWhenItRemembersIt) {
  Issuer issuer;
  const auto token = issuer.token();
  issuer.clock.advance(15min + 29s);
  EXPECT_TRUE(issuer.verifier.verify(token)) << "the leeway is 30 s";
  issuer.clock.advance(1s);
  for (int i = 0; i < 2; ++i) {
    const auto expired = issuer.verifier.verify(token);
    ASSERT_FALSE(expired);
    EXPECT_EQ(expired.error().kind, errors::ErrorKind::unauthenticated);
    EXPECT_EQ(expired.error().code, "token_expired");
  }
}

TEST(Verifier, DropsRememberedTokensWithTheirWithdrawnKey) {
  clock::ManualClock clock;
  const Signer old_signer(new_key());
  const Signer new_signer(new_key());
  std::string published = old_signer.key().jwks();
  KeySet keys([&] { return errors::Result<std::string>(published); }, clock);
  Verifier verifier(keys, clock, {.issuer = "i", .audience = "a"});
  const auto token = old_signer
                         .issue({.subject = "ann",
                                 .roles = {},
                                 .session = {},
                                 .issued_at = clock.now(),
                                 .expires_at = clock.now() + 24h,
                                 .issuer = "i",
                                 .audience = "a"})
                         .value();
  EXPECT_TRUE(verifier.verify(token));
  published = new_signer.key().jwks();
  clock.advance(11min);
  const auto refused = verifier.verify(token);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "token_invalid");
}

TEST(Verifier, SaysUnavailableWhenKeysCannotBeFetchedYet) {
  Issuer issuer;
  KeySet keys([] { return errors::Result<std::string>(errors::fail(errors::ErrorKind::unavailable, "users_away", "users is away")); },
              issuer.clock);
  Verifier verifier(keys, issuer.clock, {.issuer = "https://mall.test", .audience = "mallbots"});
  const auto refused = verifier.verify(issuer.token());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, errors::ErrorKind::unavailable) << "a good token must not sign its holder out";
  EXPECT_EQ(verifier.verify("rubbish").error().code, "token_invalid") << "rubbish is rubbish without any key";
}

TEST(Verifier, ForgetsTheLeastRecentlyUsedTokenFirstAndStaysRight) {
  Issuer issuer;
  Verifier small(issuer.keys, issuer.clock, {.issuer = "https://mall.test", .audience = "mallbots", .remembered_tokens = 2});
  std::vector<std::string> tokens;
  for (int i = 0; i < 5; ++i) tokens.push_back(issuer.token());
  for (int round = 0; round < 3; ++round) {
    for (const auto& token : tokens) EXPECT_TRUE(small.verify(token));
  }
}

TEST(Verifier, WorksFromManyThreads) {
  Issuer issuer;
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          issuer.clock.advance(1s);
          if (issuer.verifier.verify(issuer.token())) ++good;
        }
      });
    }
  }
  EXPECT_EQ(good, 100);
}

TEST(Signer, RefusesClaimsThatNoVerifierWouldTake) {
  Issuer issuer;
  const auto refuses = [&](auto change) {
    auto claims = issuer.claims();
    change(claims);
    const auto token = issuer.signer.issue(claims);
    return !token && token.error().code == "token_not_valid";
  };
  EXPECT_TRUE(refuses([](Claims& c) { c.subject.clear(); }));
  EXPECT_TRUE(refuses([](Claims& c) { c.audience.clear(); }));
  EXPECT_TRUE(refuses([](Claims& c) { c.expires_at = c.issued_at; }));
  EXPECT_TRUE(refuses([](Claims& c) { c.subject = "\xff"; }));
  EXPECT_TRUE(refuses([](Claims& c) { c.roles = {"\xff"}; }));
  EXPECT_TRUE(refuses([](Claims& c) { c.subject.assign(7'000, 'x'); }));
}

TEST(Authenticator, TellsWhoCalls) {
  Issuer issuer;
  const auto authenticate = authenticator(issuer.verifier);
  const auto caller = authenticate(issuer.token());
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->subject, "ann");
  EXPECT_TRUE(caller->has_role("owner"));
  EXPECT_EQ(authenticate("rubbish").error().kind, errors::ErrorKind::unauthenticated);
}

TEST(TokenTimes, ArePrinted) {
  Issuer issuer;
  Verifier forgetful(issuer.keys, issuer.clock, {.issuer = "https://mall.test", .audience = "mallbots", .remembered_tokens = 0});
  const auto token = issuer.token();
  std::cout << "token of " << token.size() << " bytes: issue " << cpu_micros(200, [&] { static_cast<void>(issuer.token()); })
            << " us, verify " << cpu_micros(200, [&] { static_cast<void>(forgetful.verify(token)); }) << " us, verify remembered "
            << cpu_micros(2000, [&] { static_cast<void>(issuer.verifier.verify(token)); }) << " us of CPU\n";
}

}  // namespace
}  // namespace pkg::auth
