// Asking users for addresses, over real gRPC.

#include <gtest/gtest.h>

#include "notifications/internal/adapters/grpc/service_session.hpp"
#include "notifications/internal/adapters/grpc/users_directory.hpp"
#include "notifications/tests/fake_users.hpp"
#include "pkg/grpc/channel.hpp"

namespace notifications::tests {
namespace {

using pkg::errors::ErrorKind;

const domain::UserId ann{pkg::ids::CountingIds::nth(1002)};

class Directory : public ::testing::Test {
 protected:
  Directory() {
    mallbots::users::v1::User user;
    user.set_id(ann.to_string());
    user.set_username("ann");
    user.set_email("ann@people.test");
    user.set_version(3);
    users_.people[ann.to_string()] = user;
  }
  auto look_up(std::string_view secret, const domain::UserId& user = ann) {
    adapters::grpc::ServiceSession session(channel_, "notifications", pkg::config::Secret(std::string(secret)), clock_);
    adapters::grpc::UsersDirectory directory(channel_, [&] { return session.token(); });
    return directory.look_up({}, user);
  }

  pkg::clock::ManualClock clock_;
  FakeUsers users_{clock_};
  pkg::grpc::Channel channel_{{.target = users_.address()}};
};

TEST_F(Directory, KnowsThePersonAndTheVersionItHeldAt) {
  const auto found = look_up(FakeUsers::secret);
  ASSERT_TRUE(found) << found.error().detail;
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->user, ann);
  EXPECT_EQ((*found)->username, "ann");
  EXPECT_EQ((*found)->email, "ann@people.test");
  EXPECT_EQ((*found)->version, 3u);
}

TEST_F(Directory, SaysWhereThereIsNobody) {
  const auto found = look_up(FakeUsers::secret, domain::UserId{pkg::ids::CountingIds::nth(9)});
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_FALSE(*found);
}

TEST_F(Directory, FailsWhereOurSecretIsNotAccepted) {
  const auto found = look_up("wrong");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, "wrong_secret");
}

TEST_F(Directory, FailsWhereUsersIsAway) {
  const pkg::grpc::Channel nowhere({.target = "127.0.0.1:1"});
  adapters::grpc::UsersDirectory directory(nowhere, {});
  const auto found = directory.look_up({}, ann);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::unavailable);
}

TEST_F(Directory, SignsInOnceAndAgainBeforeTheTokenEnds) {
  adapters::grpc::ServiceSession session(channel_, "notifications", pkg::config::Secret(std::string(FakeUsers::secret)), clock_);
  EXPECT_EQ(session.token(), "notifications 1");
  EXPECT_EQ(session.token(), "notifications 1");
  clock_.advance(std::chrono::minutes{14} + std::chrono::seconds{31});
  EXPECT_EQ(session.token(), "notifications 2");
  EXPECT_EQ(users_.sign_ins, 2);
}

}  // namespace
}  // namespace notifications::tests
