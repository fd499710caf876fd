// The use cases of users on fakes: what is stored, told and asked.

#include "users/internal/app/app.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "users/tests/fakes.hpp"
#include "users/tests/port_contracts.hpp"

namespace users::tests {
namespace {

using namespace std::chrono_literals;
using domain::UserId;
using pkg::errors::ErrorKind;

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "a copy's handlers would refer into the original");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::UserStore& users() { return users_; }
  app::SessionStore& sessions() { return sessions_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryUsers users_;
  MemorySessions sessions_{users_};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Users : public ::testing::Test {
 protected:
  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  MemoryUsers store;
  MemorySessions sessions{store};
  RecordedNews news;
  FakePasswords passwords;
  FakeTokens tokens{clock};
  FakeServiceSecret secret;
  app::Needs needs{transactor, store, sessions, news, passwords, tokens, secret, clock};
  app::Application app{needs, {.enable_on_registration = true, .failed_sign_ins = {.most = 3}}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const UserId ann = id<UserId>(1);
  const UserId bob = id<UserId>(2);
  const std::string password = "correct horse";
  std::uint64_t next_session = 100;

  void register_ann() { ASSERT_TRUE(app.register_user(cause, {ann, "Ann", "ann@mall.test", password})); }
  void make_operator(const UserId& user, const std::string& name) {
    ASSERT_TRUE(app.ensure_operator(cause, {user, name, name + "@mall.test", password}));
  }
  auto sign_in(const std::string& name, const std::string& with) {
    return app.sign_in(cause, {id<domain::SessionId>(next_session++), name, with});
  }
  std::string code_of_sign_in(const std::string& name, const std::string& with) {
    const auto session = sign_in(name, with);
    return session ? "" : session.error().code;
  }
  std::string code_of_refresh(const std::string& token) {
    const auto session = app.refresh_session(cause, token);
    return session ? "" : session.error().code;
  }
  std::string code_of_authorize(const UserId& user) {
    const auto done = transactor.run(cause, [&](pkg::uow::UnitOfWork& unit) { return app.authorize_user(unit, {user}); });
    return done ? "" : done.error().code;
  }
};

TEST_F(Users, RegisteringTellsOfTheUserAndOfItsBeingEnabled) {
  register_ann();
  ASSERT_EQ(news.told.size(), 2u);
  EXPECT_EQ(news.told[0].version, 1u);
  EXPECT_EQ(news.told[0].event, domain::UserEvent(domain::UserRegistered{"ann", "ann@mall.test", "hash of " + password, clock.now()}));
  EXPECT_EQ(news.told[1].version, 2u);
  EXPECT_EQ(news.told[1].event, domain::UserEvent(domain::UserEnabled{}));
}

TEST_F(Users, WhereRegistrationDoesNotEnableAnOperatorDoes) {
  app::Application strict(needs, {.enable_on_registration = false, .failed_sign_ins = {}});
  ASSERT_TRUE(strict.register_user(cause, {ann, "ann", "ann@mall.test", password}));
  EXPECT_EQ(code_of_sign_in("ann", password), "user_not_enabled");
  EXPECT_EQ(code_of_authorize(ann), "user_not_enabled");
  ASSERT_TRUE(strict.enable_user(cause, {ann, {}}));
  EXPECT_EQ(code_of_sign_in("ann", password), "");
}

TEST_F(Users, ATakenNameOrAddressIsNamed) {
  register_ann();
  EXPECT_EQ(app.register_user(cause, {bob, "ANN", "bob@mall.test", password}).error().code, "username_taken");
  EXPECT_EQ(app.register_user(cause, {bob, "bob", "ANN@mall.test", password}).error().code, "email_taken");
  EXPECT_EQ(news.told.size(), 2u);
}

TEST_F(Users, NothingIsHashedForWhatBreaksTheRules) {
  EXPECT_EQ(app.register_user(cause, {ann, "ann", "ann@mall.test", "short"}).error().code, "password_too_short");
  EXPECT_EQ(passwords.hashed, 0);
}

TEST_F(Users, SigningInGivesTokensForTheUser) {
  register_ann();
  const auto session = sign_in("ANN", password);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->access.text, "access " + ann.to_string() + " shopper");
  EXPECT_EQ(session->access.expires_at, clock.now() + 15min);
  EXPECT_EQ(session->user.id, ann);
}

TEST_F(Users, AnUnknownUserAndAWrongPasswordLookTheSameAndTakeTheSameTime) {
  register_ann();
  const auto wrong = sign_in("ann", "wrong horse");
  EXPECT_EQ(passwords.verified, 1);
  const auto unknown = sign_in("nobody", "wrong horse");
  EXPECT_EQ(passwords.verified, 2);
  const auto impossible = sign_in("no such name", "wrong horse");
  EXPECT_EQ(passwords.verified, 3);
  EXPECT_EQ(wrong.error(), unknown.error());
  EXPECT_EQ(wrong.error(), impossible.error());
  EXPECT_EQ(wrong.error().kind, ErrorKind::unauthenticated);
  EXPECT_EQ(wrong.error().code, "wrong_credentials");
  EXPECT_EQ(code_of_sign_in("ann", ""), "wrong_credentials");
}

TEST_F(Users, ADisabledUserHearsOfItOnlyWithTheRightPassword) {
  register_ann();
  ASSERT_TRUE(app.disable_user(cause, {ann, {}}));
  EXPECT_EQ(code_of_sign_in("ann", "wrong horse"), "wrong_credentials");
  EXPECT_EQ(code_of_sign_in("ann", password), "user_disabled");
}

TEST_F(Users, GuessingIsSlowedDownAlsoForTheRightPasswordAndForNamesThatNobodyHas) {
  register_ann();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(code_of_sign_in("ann", "wrong horse"), "wrong_credentials");
  const int verified = passwords.verified;
  EXPECT_EQ(code_of_sign_in("ann", password), "too_many_failed_sign_ins");
  EXPECT_EQ(passwords.verified, verified) << "no time is spent on hashing";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(code_of_sign_in("nobody", "wrong horse"), "wrong_credentials");
  EXPECT_EQ(code_of_sign_in("nobody", "wrong horse"), "too_many_failed_sign_ins");
  clock.advance(5min);
  EXPECT_EQ(code_of_sign_in("ann", password), "");
}

/// Counts what the database is asked.
class CountingTransactor final : public pkg::uow::Transactor {
 public:
  pkg::errors::Result<> run(const pkg::uow::Cause& cause, const Work& work) override {
    ++runs;
    return inner_.run(cause, work);
  }
  int runs = 0;

 private:
  pkg::uow::MemoryTransactor inner_;
};

TEST_F(Users, WhoeverFindsNoRoomForAHashIsSentAwayBeforeTheDatabaseIsAsked) {
  register_ann();
  CountingTransactor counting;
  app::Application flooded({counting, store, sessions, news, passwords, tokens, secret, clock}, {});
  passwords.has_room = false;
  const auto refused = flooded.sign_in(cause, {id<domain::SessionId>(1), "ann", password});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "too_many_sign_ins");
  EXPECT_EQ(counting.runs, 0);
  passwords.has_room = true;
  EXPECT_TRUE(flooded.sign_in(cause, {id<domain::SessionId>(2), "ann", password}));
  EXPECT_GT(counting.runs, 0);
}

TEST_F(Users, RefreshingGivesANewPairWithThePresentRoles) {
  register_ann();
  const auto first = sign_in("ann", password);
  ASSERT_TRUE(app.grant_role(cause, {ann, "owner", {}}));
  const auto second = app.refresh_session(cause, first->refresh_token);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->access.text, "access " + ann.to_string() + " shopper owner");
  EXPECT_NE(second->refresh_token, first->refresh_token);
  EXPECT_EQ(code_of_refresh(second->refresh_token), "");
}

TEST_F(Users, ARefreshTokenUsedTwiceEndsItsWholeSessionAndNoOther) {
  register_ann();
  const auto other = sign_in("ann", password);
  const auto first = sign_in("ann", password);
  const auto second = app.refresh_session(cause, first->refresh_token);
  ASSERT_TRUE(second);
  EXPECT_EQ(code_of_refresh(first->refresh_token), "refresh_token_reused");
  EXPECT_EQ(code_of_refresh(second->refresh_token), "session_revoked");
  EXPECT_EQ(code_of_refresh(first->refresh_token), "session_revoked");
  EXPECT_EQ(code_of_refresh(other->refresh_token), "");
}

TEST_F(Users, ARefreshTokenEndsAfterItsLifetimeAndAnUnknownOneIsNone) {
  register_ann();
  const auto session = sign_in("ann", password);
  EXPECT_EQ(code_of_refresh("made up"), "refresh_token_unknown");
  clock.advance(24h);
  EXPECT_EQ(code_of_refresh(session->refresh_token), "refresh_token_expired");
  clock.advance(1h);
  ASSERT_TRUE(app.forget_expired_sessions(cause));
  EXPECT_EQ(code_of_refresh(session->refresh_token), "refresh_token_unknown");
}

TEST_F(Users, SigningOutEndsTheSessionAndMayBeDoneTwice) {
  register_ann();
  const auto session = sign_in("ann", password);
  EXPECT_TRUE(app.revoke_session(cause, session->refresh_token));
  EXPECT_EQ(code_of_refresh(session->refresh_token), "session_revoked");
  EXPECT_TRUE(app.revoke_session(cause, session->refresh_token));
  EXPECT_TRUE(app.revoke_session(cause, "made up"));
}

TEST_F(Users, DisablingEndsAllSessionsAlsoAfterTheUserIsEnabledAgain) {
  register_ann();
  const auto session = sign_in("ann", password);
  ASSERT_TRUE(app.disable_user(cause, {ann, {}}));
  EXPECT_EQ(code_of_refresh(session->refresh_token), "session_revoked");
  ASSERT_TRUE(app.enable_user(cause, {ann, {}}));
  EXPECT_EQ(code_of_refresh(session->refresh_token), "session_revoked");
}

TEST_F(Users, ANewPasswordNeedsTheCurrentOneAndEndsAllSessions) {
  register_ann();
  const auto session = sign_in("ann", password);
  const auto change = [&](std::optional<std::string> current, std::string next) {
    return app.update_user(cause, {ann, {}, current, next, {}});
  };
  EXPECT_EQ(change({}, "battery staple").error().code, "current_password_required");
  EXPECT_EQ(change("wrong horse", "battery staple").error().code, "wrong_current_password");
  EXPECT_EQ(change(password, "short").error().field, "newPassword");
  EXPECT_EQ(code_of_refresh(session->refresh_token), "");
  ASSERT_TRUE(change(password, "battery staple"));
  EXPECT_EQ(code_of_sign_in("ann", password), "wrong_credentials");
  EXPECT_EQ(code_of_sign_in("ann", "battery staple"), "");
  EXPECT_EQ(code_of_refresh("refresh 2"), "session_revoked");
}

TEST_F(Users, ANewAddressKeepsTheSessionsAndIsTold) {
  register_ann();
  const auto session = sign_in("ann", password);
  const auto updated = app.update_user(cause, {ann, "new@mall.test", {}, {}, 2});
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->user.state.email, "new@mall.test");
  EXPECT_EQ(news.told.back().event, domain::UserEvent(domain::UserEmailChanged{"new@mall.test"}));
  EXPECT_EQ(code_of_refresh(session->refresh_token), "");
  EXPECT_EQ(app.update_user(cause, {ann, "newer@mall.test", {}, {}, 2}).error().kind, ErrorKind::stale);
}

TEST_F(Users, TheFirstOperatorIsMadeOnceAndThenLeftAlone) {
  make_operator(ann, "boss");
  const int hashed = passwords.hashed;
  ASSERT_TRUE(app.revoke_role(cause, {ann, "owner", {}}));
  const auto again = app.ensure_operator(cause, {bob, "Boss", "other@mall.test", "another password"});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, ann);
  EXPECT_EQ(passwords.hashed, hashed);
  EXPECT_EQ(code_of_sign_in("boss", password), "");
  EXPECT_EQ(again->user.state.roles, (domain::Roles{domain::Role::shopper, domain::Role::mall_operator}));
}

TEST_F(Users, TheLastOperatorStaysOne) {
  make_operator(ann, "boss");
  EXPECT_EQ(app.disable_user(cause, {ann, {}}).error().code, "last_operator");
  EXPECT_EQ(app.revoke_role(cause, {ann, "operator", {}}).error().code, "last_operator");
  make_operator(bob, "deputy");
  EXPECT_TRUE(app.revoke_role(cause, {ann, "operator", {}}));
  EXPECT_EQ(app.disable_user(cause, {bob, {}}).error().code, "last_operator");
}

TEST_F(Users, OnlyOneselfAnOperatorOrAServiceSeesAnAccount) {
  register_ann();
  EXPECT_TRUE(app.get_user(cause, {ann, {ann}}));
  EXPECT_TRUE(app.get_user(cause, {ann, {bob, true, false}}));
  EXPECT_TRUE(app.get_user(cause, {ann, {std::nullopt, false, true}}));
  EXPECT_EQ(app.get_user(cause, {ann, {bob}}).error().code, "not_your_account");
}

TEST_F(Users, EnabledUsersAreAuthorized) {
  register_ann();
  EXPECT_EQ(code_of_authorize(ann), "");
  EXPECT_EQ(code_of_authorize(bob), "no_such_user");
  ASSERT_TRUE(app.disable_user(cause, {ann, {}}));
  EXPECT_EQ(code_of_authorize(ann), "user_disabled");
}

TEST_F(Users, ServicesSignInWithTheSharedSecret) {
  EXPECT_EQ(app.sign_in_service("baskets", secret.secret)->text, "service baskets");
  EXPECT_EQ(app.sign_in_service("baskets", "guess").error().code, "wrong_credentials");
  EXPECT_EQ(app.sign_in_service(ann.to_string(), secret.secret).error().code, "wrong_credentials") << "a service is never taken for a user";
  secret.secret.clear();
  EXPECT_EQ(app.sign_in_service("baskets", "").error().code, "service_sessions_disabled");
}

}  // namespace
}  // namespace users::tests
