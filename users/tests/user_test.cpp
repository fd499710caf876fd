// The rules of an account: given what has happened, when somebody does something, then this happens or is refused.

#include "users/internal/domain/user.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/es/testing/given_when_then.hpp"
#include "pkg/ids/id_sources.hpp"

namespace users::domain {
namespace {

using pkg::es::testing::Given;
using R = UserRejection;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};

const UserId ann_id{pkg::ids::CountingIds::nth(1)};
const UserId bob_id{pkg::ids::CountingIds::nth(2)};
const Account ann{"ann", "Ann@mall.test"};

const UserRegistered ann_registered{"ann", "Ann@mall.test", "hash", t0};
const UserEvent operates = UserRoleGranted{Role::mall_operator};
const UserEvent owns = UserRoleGranted{Role::owner};

const Given<User> nobody{};
const Given<User> registered{ann_registered};
const Given<User> enabled{ann_registered, UserEnabled{}};
const Given<User> disabled{ann_registered, UserEnabled{}, UserDisabled{}};
const Given<User> mall_operator{ann_registered, UserEnabled{}, operates};
const Given<User> disabled_operator{ann_registered, UserEnabled{}, operates, UserDisabled{}};
const Given<User> owner{ann_registered, UserEnabled{}, owns};

auto register_it(bool at_once) {
  return [=](const User& user) { return register_user(user, ann, "hash", at_once, t0); };
}
auto found_it() {
  return [](const User& user) { return register_operator(user, ann, "hash", t0); };
}
auto enable_it() {
  return [](const User& user) { return enable(user); };
}
auto disable_it(bool others_operate = true) {
  return [=](const User& user) { return disable(user, others_operate); };
}
auto update_it(Update what) {
  return [=](const User& user) { return update(user, what); };
}
auto grant_it(std::string_view role) {
  return [=](const User& user) { return grant_role(user, role); };
}
auto revoke_it(std::string_view role, bool others_operate = true) {
  return [=](const User& user) { return revoke_role(user, role, others_operate); };
}

TEST(RegisterUser, EnablesAtOnceOrWaitsForAnOperator) {
  nobody.when(register_it(true)).then({ann_registered, UserEnabled{}});
  nobody.when(register_it(false)).then({ann_registered});
  EXPECT_EQ(registered.state().status, UserStatus::registered);
  EXPECT_EQ(registered.state().roles, Roles{Role::shopper});
}

TEST(RegisterUser, DoesNothingTheSecondTime) {
  for (const auto& given : {registered, enabled, disabled}) given.when(register_it(true)).then({});
}

TEST(RegisterUser, NeedsWhatKeepsTheRules) {
  EXPECT_EQ(read_account("Ann", "Ann@mall.test", "0123456789").value().username, "ann");
  EXPECT_EQ(read_account("an", "nonsense", "short").error().reason, R::username_not_allowed);
  EXPECT_EQ(read_account("ann", "nonsense", "short").error().reason, R::email_not_allowed);
  EXPECT_EQ(read_account("ann", "ann@mall.test", "short").error().reason, R::password_too_short);
  EXPECT_EQ(read_account("ann", "ann@mall.test", std::string(1025, 'x')).error().reason, R::password_too_long);
}

TEST(RegisterOperator, IsEnabledAndAnOperatorFromTheStart) {
  nobody.when(found_it()).then({ann_registered, UserEnabled{}, operates});
  enabled.when(found_it()).then({});
}

TEST(EnableUser, EnablesWhoWaitsOrWasDisabled) {
  registered.when(enable_it()).then({UserEnabled{}});
  disabled.when(enable_it()).then({UserEnabled{}});
  enabled.when(enable_it()).then({});
  nobody.when(enable_it()).rejects(R::no_such_user);
}

TEST(DisableUser, DisablesWhoeverIsNot) {
  registered.when(disable_it()).then({UserDisabled{}});
  enabled.when(disable_it(false)).then({UserDisabled{}});
  mall_operator.when(disable_it()).then({UserDisabled{}});
  disabled.when(disable_it()).then({});
  nobody.when(disable_it()).rejects(R::no_such_user);
}

TEST(DisableUser, IsRefusedForTheLastOperator) {
  mall_operator.when(disable_it(false)).rejects(R::last_operator);
  disabled_operator.when(disable_it(false)).then({});
}

TEST(UpdateUser, ChangesWhatIsGivenAndDiffers) {
  enabled.when(update_it({"new@mall.test", {}})).then({UserEmailChanged{"new@mall.test"}});
  enabled.when(update_it({{}, "other"})).then({UserPasswordChanged{"other"}});
  enabled.when(update_it({"new@mall.test", "other"})).then({UserEmailChanged{"new@mall.test"}, UserPasswordChanged{"other"}});
  enabled.when(update_it({"Ann@mall.test", {}})).then({});
  enabled.when(update_it({})).then({});
}

TEST(UpdateUser, IsForEnabledUsersAndAddressesThatCanBe) {
  enabled.when(update_it({"nonsense", {}})).rejects(R::email_not_allowed);
  disabled.when(update_it({"new@mall.test", {}})).rejects(R::user_disabled);
  registered.when(update_it({"new@mall.test", {}})).rejects(R::user_not_enabled);
  nobody.when(update_it({"new@mall.test", {}})).rejects(R::no_such_user);
}

TEST(GrantRole, GrantsWhatOneDoesNotHave) {
  enabled.when(grant_it("owner")).then({owns});
  disabled.when(grant_it("picker")).then({UserRoleGranted{Role::picker}});
  owner.when(grant_it("owner")).then({});
  enabled.when(grant_it("shopper")).then({});
}

TEST(GrantRole, IsRefusedForUnknownRolesAndUsers) {
  for (const auto role : {"", "Owner", "service", "root"}) enabled.when(grant_it(role)).rejects(R::unknown_role);
  nobody.when(grant_it("owner")).rejects(R::no_such_user);
}

TEST(RevokeRole, TakesWhatOneHas) {
  owner.when(revoke_it("owner", false)).then({UserRoleRevoked{Role::owner}});
  enabled.when(revoke_it("owner")).then({});
  mall_operator.when(revoke_it("operator")).then({UserRoleRevoked{Role::mall_operator}});
  disabled_operator.when(revoke_it("operator", false)).then({UserRoleRevoked{Role::mall_operator}});
}

TEST(RevokeRole, IsRefusedForShopperForUnknownOnesAndForTheLastOperator) {
  nobody.when(revoke_it("owner")).rejects(R::no_such_user);
  enabled.when(revoke_it("root")).rejects(R::unknown_role);
  enabled.when(revoke_it("shopper")).rejects(R::shopper_not_revocable);
  mall_operator.when(revoke_it("operator", false)).rejects(R::last_operator);
}

TEST(SeeUser, IsForOneselfOperatorsAndServices) {
  EXPECT_TRUE(may_see(enabled.state(), ann_id, {ann_id}));
  EXPECT_TRUE(may_see(enabled.state(), ann_id, {bob_id, true, false}));
  EXPECT_TRUE(may_see(enabled.state(), ann_id, {std::nullopt, false, true}));
  EXPECT_EQ(may_see(enabled.state(), ann_id, {bob_id}).error().reason, R::not_your_account);
  EXPECT_EQ(may_see(nobody.state(), ann_id, {bob_id}).error().reason, R::not_your_account);
  EXPECT_EQ(may_see(nobody.state(), ann_id, {bob_id, true, false}).error().reason, R::no_such_user);
}

TEST(ActAsUser, IsForEnabledOnes) {
  EXPECT_TRUE(may_act(enabled.state()));
  EXPECT_EQ(may_act(registered.state()).error().reason, R::user_not_enabled);
  EXPECT_EQ(may_act(disabled.state()).error().reason, R::user_disabled);
  EXPECT_EQ(may_act(nobody.state()).error().reason, R::no_such_user);
}

TEST(UserRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::last_operator); ++reason) {
    const auto error = to_error({static_cast<R>(reason), "Why."});
    EXPECT_EQ(error.detail, "Why.");
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
  EXPECT_EQ(to_error({R::current_password_required, "Why."}).field, "currentPassword");
  EXPECT_EQ(to_error({R::wrong_current_password, "Why."}).kind, pkg::errors::ErrorKind::forbidden);
  EXPECT_EQ(to_error(username_taken()).field, "username");
  EXPECT_EQ(to_error(email_taken()).field, "email");
}

}  // namespace
}  // namespace users::domain
