// The bytes of every message that users publishes or takes: other services, and messages that are under way, rely on them. What a golden
// file holds stays readable for ever.

#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "pkg/testing/golden.hpp"
#include "pkg/uow/memory_transactor.hpp"
#include "users/internal/constants/names.hpp"
#include "users/internal/ports/handlers/domain_events.hpp"
#include "users/userspb/messages.pb.h"

namespace users::tests {
namespace {

void expect_golden(const std::string& name, std::string_view bytes) {
  pkg::testing::expect_golden("users/tests/golden/" + name + ".hex", bytes);
}

class CaughtMessages final : public pkg::messaging::Outbox {
 public:
  void add(pkg::uow::UnitOfWork&, pkg::messaging::Message message) override { caught.push_back(std::move(message)); }
  std::vector<pkg::messaging::Message> caught;
};

class UserMessages : public ::testing::Test {
 protected:
  CaughtMessages outbox;
  pkg::ids::CountingIds ids{100};
  pkg::clock::ManualClock clock;
  pkg::messaging::Publisher publisher{outbox, ids, clock, constants::source};
  ports::PublishedUserNews news{publisher};
  pkg::uow::MemoryTransactor transactor;
  const domain::UserId ann{pkg::ids::CountingIds::nth(1)};

  void tell(const std::vector<domain::UserEvent>& events) {
    app::LoadedUser after{pkg::es::fold(domain::User{}, events), events.size()};
    ASSERT_TRUE(transactor.run({"correlation", "request", ""}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      news.tell(unit, ann, after, events);
      return {};
    }));
  }
};

TEST_F(UserMessages, HaveTheirGoldenBytes) {
  tell({domain::UserRegistered{"ann", "Ann@mall.test", "hash", clock.now()}, domain::UserEnabled{}, domain::UserDisabled{},
        domain::UserEmailChanged{"new@mall.test"}, domain::UserRoleGranted{domain::Role::owner},
        domain::UserRoleRevoked{domain::Role::mall_operator}});
  const std::vector<std::string> names{"UserRegistered",   "UserEnabled",     "UserDisabled",
                                       "UserEmailChanged", "UserRoleGranted", "UserRoleRevoked"};
  ASSERT_EQ(outbox.caught.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& message = outbox.caught[i];
    EXPECT_EQ(message.type, "mallbots.users.v1." + names[i]);
    EXPECT_EQ(message.channel, "mallbots.users.events.User");
    EXPECT_EQ(message.subject, ann.to_string());
    EXPECT_EQ(message.key, ann.to_string());
    EXPECT_EQ(message.aggregate_version, i + 1);
    expect_golden(names[i], message.payload);
  }
}

TEST_F(UserMessages, DoNotTellOfPasswords) {
  tell({domain::UserRegistered{"ann", "ann@mall.test", "secret hash", clock.now()}, domain::UserPasswordChanged{"other hash"},
        domain::UserEnabled{}});
  ASSERT_EQ(outbox.caught.size(), 2u);
  EXPECT_EQ(outbox.caught[0].payload.find("hash"), std::string::npos);
  EXPECT_EQ(outbox.caught[1].aggregate_version, 3u) << "a version is passed over, none is given twice";
}

TEST(UserCommands, HaveTheirGoldenBytes) {
  mallbots::users::v1::AuthorizeUser command;
  command.set_user_id(pkg::ids::CountingIds::nth(1).to_string());
  expect_golden("AuthorizeUser", command.SerializeAsString());
}

}  // namespace
}  // namespace users::tests
