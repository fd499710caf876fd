#pragma once
// What every UserStore and SessionStore promises; the fakes and the PostgreSQL adapters both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::UserStore& users();  app::SessionStore& sessions();

#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "users/internal/app/ports.hpp"

namespace users::tests {

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  using Unit = pkg::uow::UnitOfWork;
  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
  static constexpr auto hour = std::chrono::hours{1};
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  const domain::UserId ann = id<domain::UserId>(1);
  const domain::UserId bob = id<domain::UserId>(2);
  const domain::SessionId session = id<domain::SessionId>(11);

  template <class F>
  pkg::errors::Result<> in_unit(F work) {
    return ports.transactor().run({}, [&](Unit& unit) -> pkg::errors::Result<> { return work(unit); });
  }
  static std::vector<domain::UserEvent> registered(const std::string& username, const std::string& email) {
    return {domain::UserRegistered{username, email, "hash", t0}, domain::UserEnabled{}};
  }
  pkg::errors::Result<> save(const domain::UserId& user, const std::vector<domain::UserEvent>& events) {
    return in_unit([&](Unit& unit) -> pkg::errors::Result<> {
      auto loaded = ports.users().load(unit, user);
      if (!loaded) return pkg::errors::pass_on(loaded);
      return ports.users().save(unit, user, *loaded, events);
    });
  }
  app::LoadedUser load(const domain::UserId& user) {
    const auto loaded = ports.transactor().run_for({}, [&](Unit& unit) { return ports.users().load(unit, user); });
    EXPECT_TRUE(loaded) << loaded.error().code;
    return loaded.value_or(app::LoadedUser{});
  }
  std::optional<app::FoundUser> find(std::string_view username) {
    auto found = ports.transactor().run_for({}, [&](Unit& unit) { return ports.users().find_by_username(unit, username); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(std::nullopt);
  }
  bool others_operate(const domain::UserId& user) {
    return ports.transactor().run_for({}, [&](Unit& unit) { return ports.users().others_operate(unit, user); }).value();
  }
  static app::NewRefreshToken token(const std::string& digest, pkg::clock::TimePoint expires_at = t0 + hour) {
    return {digest, t0, expires_at};
  }
  pkg::errors::Result<> start(const app::NewRefreshToken& first, pkg::es::Version version, const domain::SessionId& of) {
    return ports.transactor().run({}, [&](Unit& unit) -> pkg::errors::Result<> {
      ports.sessions().start(unit, of, ann, version, first);
      return {};
    });
  }
  void sign_in(const std::string& digest = "one") {
    ASSERT_TRUE(save(ann, registered("ann", "ann@mall.test")));
    ASSERT_TRUE(start(token(digest), 2, session));
  }
  std::optional<domain::RefreshToken> find_token(std::string_view digest) {
    auto found = ports.transactor().run_for({}, [&](Unit& unit) { return ports.sessions().find(unit, digest); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(std::nullopt);
  }
  template <class F>
  void change(F work) {
    const auto done = in_unit([&](Unit& unit) -> pkg::errors::Result<> {
      work(ports.sessions(), unit);
      return {};
    });
    ASSERT_TRUE(done) << done.error().code;
  }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, AnAccountIsKeptWithAllThatIsKnownOfIt) {
  EXPECT_FALSE(this->load(this->ann).exists());
  auto events = this->registered("ann", "Ann@mall.test");
  events.push_back(domain::UserRoleGranted{domain::Role::mall_operator});
  ASSERT_TRUE(this->save(this->ann, events));
  const auto loaded = this->load(this->ann);
  EXPECT_EQ(loaded.version, 3u);
  EXPECT_EQ(loaded.state, pkg::es::fold(domain::User{}, events));
  ASSERT_TRUE(
      this->save(this->ann, {domain::UserDisabled{}, domain::UserEmailChanged{"new@mall.test"}, domain::UserPasswordChanged{"other"}}));
  const auto changed = this->load(this->ann);
  EXPECT_EQ(changed.version, 6u);
  EXPECT_EQ(changed.state.status, domain::UserStatus::disabled);
  EXPECT_EQ(changed.state.email, "new@mall.test");
  EXPECT_EQ(changed.state.password_hash, "other");
}

TYPED_TEST_P(PortContract, AnAccountIsFoundByItsUsername) {
  ASSERT_TRUE(this->save(this->ann, this->registered("ann", "ann@mall.test")));
  const auto found = this->find("ann");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, this->ann);
  EXPECT_EQ(found->user.version, 2u);
  EXPECT_FALSE(this->find("bob"));
}

TYPED_TEST_P(PortContract, UsernamesAndAddressesAreUniqueWhateverTheirCapitals) {
  ASSERT_TRUE(this->save(this->ann, this->registered("ann", "Ann@mall.test")));
  EXPECT_EQ(this->save(this->bob, this->registered("ann", "bob@mall.test")).error(), domain::to_error(domain::username_taken()));
  EXPECT_EQ(this->save(this->bob, this->registered("bob", "aNN@MALL.test")).error(), domain::to_error(domain::email_taken()));
  ASSERT_TRUE(this->save(this->bob, this->registered("bob", "bob@mall.test")));
  EXPECT_EQ(this->save(this->bob, {domain::UserEmailChanged{"ann@mall.test"}}).error(), domain::to_error(domain::email_taken()));
  EXPECT_TRUE(this->save(this->ann, {domain::UserEmailChanged{"ANN@mall.test"}})) << "one's own address in other letters";
}

TYPED_TEST_P(PortContract, AUnitSeesWhatItHasSaved) {
  const auto done = this->in_unit([&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    auto& users = this->ports.users();
    auto user = users.load(unit, this->ann);
    EXPECT_TRUE(users.save(unit, this->ann, *user, this->registered("ann", "ann@mall.test")));
    auto again = users.load(unit, this->ann);
    EXPECT_EQ(again->version, 2u);
    return users.save(unit, this->ann, *again, {domain::UserRoleGranted{domain::Role::owner}});
  });
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_EQ(this->load(this->ann).version, 3u);
}

TYPED_TEST_P(PortContract, OfTwoUnitsThatChangeOneAccountTheLaterDecidesAgain) {
  ASSERT_TRUE(this->save(this->ann, this->registered("ann", "ann@mall.test")));
  int tries = 0;
  const auto done = this->in_unit([&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    auto user = this->ports.users().load(unit, this->ann);
    if (++tries == 1) {
      EXPECT_TRUE(this->save(this->ann, {domain::UserRoleGranted{domain::Role::owner}}));
    }
    return this->ports.users().save(unit, this->ann, *user, {domain::UserRoleGranted{domain::Role::picker}});
  });
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(this->load(this->ann).state.roles, (domain::Roles{domain::Role::shopper, domain::Role::owner, domain::Role::picker}));
}

TYPED_TEST_P(PortContract, OthersOperateWhereAnotherEnabledAccountIsAnOperator) {
  const domain::UserEvent operates = domain::UserRoleGranted{domain::Role::mall_operator};
  ASSERT_TRUE(this->save(this->ann, this->registered("ann", "ann@mall.test")));
  ASSERT_TRUE(this->save(this->bob, this->registered("bob", "bob@mall.test")));
  ASSERT_TRUE(this->save(this->ann, {operates}));
  EXPECT_FALSE(this->others_operate(this->ann));
  EXPECT_TRUE(this->others_operate(this->bob));
  ASSERT_TRUE(this->save(this->bob, {operates}));
  EXPECT_TRUE(this->others_operate(this->ann));
  ASSERT_TRUE(this->save(this->bob, {domain::UserDisabled{}}));
  EXPECT_FALSE(this->others_operate(this->ann));
}

TYPED_TEST_P(PortContract, ATokenIsFoundByItsDigest) {
  this->sign_in();
  EXPECT_EQ(this->find_token("one"), (domain::RefreshToken{"one", this->session, this->ann, this->t0 + this->hour, false, false}));
  EXPECT_FALSE(this->find_token("two"));
}

TYPED_TEST_P(PortContract, ASessionDoesNotStartOnceTheAccountHasChanged) {
  this->sign_in();
  EXPECT_EQ(this->start(this->token("two"), 1, this->template id<domain::SessionId>(12)).error().kind, pkg::errors::ErrorKind::contended);
  EXPECT_FALSE(this->find_token("two"));
}

TYPED_TEST_P(PortContract, RotatingUsesTheOldTokenUpOnce) {
  this->sign_in();
  const auto one = this->find_token("one");
  ASSERT_TRUE(one);
  const auto rotate_to = [&](const std::string& digest) {
    return this->in_unit([&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      this->ports.sessions().rotate(unit, *one, this->token(digest));
      return {};
    });
  };
  ASSERT_TRUE(rotate_to("two"));
  EXPECT_TRUE(this->find_token("one")->used);
  EXPECT_FALSE(this->find_token("two")->used);
  EXPECT_EQ(this->find_token("two")->session, this->session);
  EXPECT_EQ(rotate_to("three").error().kind, pkg::errors::ErrorKind::contended);
  EXPECT_FALSE(this->find_token("three"));
}

TYPED_TEST_P(PortContract, ARevokedSessionIsNotRotated) {
  this->sign_in();
  const auto one = this->find_token("one");
  this->change([&](auto& sessions, auto& unit) { sessions.revoke(unit, this->session); });
  const auto rotated = this->in_unit([&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    this->ports.sessions().rotate(unit, *one, this->token("two"));
    return {};
  });
  EXPECT_EQ(rotated.error().kind, pkg::errors::ErrorKind::contended);
}

TYPED_TEST_P(PortContract, RevokingEndsAllTokensOfTheSessionAndNoOthers) {
  this->sign_in();
  ASSERT_TRUE(this->start(this->token("other"), 2, this->template id<domain::SessionId>(12)));
  this->change([&](auto& sessions, auto& unit) { sessions.rotate(unit, *this->find_token("one"), this->token("two")); });
  for (int i = 0; i < 2; ++i) this->change([&](auto& sessions, auto& unit) { sessions.revoke(unit, this->session); });
  EXPECT_TRUE(this->find_token("one")->revoked);
  EXPECT_TRUE(this->find_token("two")->revoked);
  EXPECT_FALSE(this->find_token("other")->revoked);
  this->change([&](auto& sessions, auto& unit) { sessions.revoke_all(unit, this->bob); });
  EXPECT_FALSE(this->find_token("other")->revoked);
  this->change([&](auto& sessions, auto& unit) { sessions.revoke_all(unit, this->ann); });
  EXPECT_TRUE(this->find_token("other")->revoked);
}

TYPED_TEST_P(PortContract, ExpiredTokensAreForgottenAndTheOthersStay) {
  this->sign_in();
  this->change(
      [&](auto& sessions, auto& unit) { sessions.rotate(unit, *this->find_token("one"), this->token("two", this->t0 + 2 * this->hour)); });
  this->change([&](auto& sessions, auto& unit) { sessions.forget_expired(unit, this->t0 + this->hour + std::chrono::minutes{1}); });
  EXPECT_FALSE(this->find_token("one"));
  EXPECT_TRUE(this->find_token("two"));
  this->change([&](auto& sessions, auto& unit) { sessions.forget_expired(unit, this->t0 + 3 * this->hour); });
  EXPECT_FALSE(this->find_token("two"));
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, AnAccountIsKeptWithAllThatIsKnownOfIt, AnAccountIsFoundByItsUsername,
                            UsernamesAndAddressesAreUniqueWhateverTheirCapitals, AUnitSeesWhatItHasSaved,
                            OfTwoUnitsThatChangeOneAccountTheLaterDecidesAgain, OthersOperateWhereAnotherEnabledAccountIsAnOperator,
                            ATokenIsFoundByItsDigest, ASessionDoesNotStartOnceTheAccountHasChanged, RotatingUsesTheOldTokenUpOnce,
                            ARevokedSessionIsNotRotated, RevokingEndsAllTokensOfTheSessionAndNoOthers,
                            ExpiredTokensAreForgottenAndTheOthersStay);

}  // namespace users::tests
