#include <gtest/gtest.h>

#include "pkg/rpc/access.hpp"
#include "pkg/rpc/rpc_test.pb.h"

namespace pkg::rpc {
namespace {

using errors::ErrorKind;
using mallbots::rpctest::v1::Ask;

const google::protobuf::MethodDescriptor& door(const char* name, const char* service = "Doors") {
  return *Ask::descriptor()->file()->FindServiceByName(service)->FindMethodByName(name);
}

const Caller nobody;
const Caller visitor{"v-1", {"visitor"}};
const Caller chief{"c-1", {"visitor", "chief"}};

TEST(CheckAccess, LetsAnyoneThroughWhereTheRuleSaysAnyone) {
  EXPECT_TRUE(check_access(door("Open"), nobody));
  EXPECT_TRUE(check_access(door("Open"), visitor));
}

TEST(CheckAccess, WantsSomebodySignedIn) {
  const auto refused = check_access(door("Hall"), nobody);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unauthenticated);
  EXPECT_EQ(refused.error().code, "not_signed_in");
  EXPECT_TRUE(check_access(door("Hall"), visitor));
}

TEST(CheckAccess, WantsOneOfTheRolesAndNamesThem) {
  EXPECT_EQ(check_access(door("Vault"), nobody).error().kind, ErrorKind::unauthenticated);
  const auto refused = check_access(door("Vault"), visitor);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(refused.error().code, "role_missing");
  EXPECT_NE(refused.error().detail.find("keeper, chief"), std::string::npos) << refused.error().detail;
  EXPECT_TRUE(check_access(door("Vault"), chief));
}

TEST(CheckAccess, KeepsACallWithoutARuleClosed) {
  for (const char* name : {"Bare", "Nobody", "NoRole"}) EXPECT_FALSE(check_access(door(name, "Broken"), chief)) << name;
}

TEST(Admit, TakesABadTokenForNoneOnlyWhereAnyoneMayCall) {
  const Authenticator refuse = [](std::string_view) -> errors::Result<Caller> {
    return errors::fail(ErrorKind::unauthenticated, "token_expired", "The access token has expired.");
  };
  const auto open = admit(door("Open"), refuse, "old");
  ASSERT_TRUE(open);
  EXPECT_FALSE(open->is_signed_in());
  EXPECT_EQ(admit(door("Hall"), refuse, "old").error().code, "token_expired");
  EXPECT_EQ(admit(door("Hall"), refuse, "").error().code, "not_signed_in");
}

TEST(Admit, GivesTheCallerWhomTheTokenNames) {
  const Authenticator know = [](std::string_view token) -> errors::Result<Caller> { return Caller{std::string(token), {"keeper"}}; };
  const auto admitted = admit(door("Vault"), know, "k-7");
  ASSERT_TRUE(admitted);
  EXPECT_EQ(admitted->subject, "k-7");
}

}  // namespace
}  // namespace pkg::rpc
