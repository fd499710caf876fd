// The users service from outside: HTTP and gRPC in, messages in and out, on a real PostgreSQL and NATS.

#include <gtest/gtest.h>

#include <optional>

#include "pkg/auth/tokens.hpp"
#include "pkg/grpc/client.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/testing/wait.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/tests/running_service.hpp"
#include "users/userspb/messages.pb.h"

namespace users::tests {
namespace {

using pkg::messaging::Message;

std::string credentials(const std::string& name, const std::string& password) {
  return R"({"username":")" + name + R"(","password":")" + password + "\"}";
}

class UsersService : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { service_ = std::make_unique<RunningService>(); }
  static void TearDownTestSuite() { service_.reset(); }
  RunningService& service() { return *service_; }

  Answer register_user(const std::string& name) {
    return service().ask("POST", "/users",
                         R"({"username":")" + name + R"(","email":")" + name + R"(@mall.test","password":"correct horse"})");
  }
  std::string registered(const std::string& name) { return parsed<pb::RegisterUserResponse>(register_user(name)).id(); }
  pb::Session sign_in(const std::string& name, const std::string& password = "correct horse") {
    const auto answer = service().ask("POST", "/sessions", credentials(name, password));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parsed<pb::Session>(answer);
  }
  Answer refresh(const std::string& token) { return service().ask("POST", "/sessions:refresh", R"({"refreshToken":")" + token + "\"}"); }
  std::string boss() { return sign_in("boss", "boss's password").access_token(); }
  static void expect_problem(const Answer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_NE(answer.body.find("\"code\":\"" + code + "\""), std::string::npos) << answer.body;
  }
  std::optional<Message> told(const std::string& type, const std::string& subject) {
    for (const auto& delivery : service().messages.deliveries()) {
      if (delivery.message.type == type && delivery.message.subject == subject) return delivery.message;
    }
    return std::nullopt;
  }
  int told_times(const std::string& type, const std::string& subject) {
    int times = 0;
    for (const auto& delivery : service().messages.deliveries()) {
      if (delivery.message.type == type && delivery.message.subject == subject) ++times;
    }
    return times;
  }
  Message authorize(const std::string& user, const std::string& saga) {
    mallbots::users::v1::AuthorizeUser command;
    command.set_user_id(user);
    auto message = pkg::messaging::testing::make_message("mallbots.users.commands", saga, command.SerializeAsString());
    message.type = command.GetTypeName();
    message.headers = {{std::string(pkg::saga::header::name), "CreateOrder"},
                       {std::string(pkg::saga::header::id), saga},
                       {std::string(pkg::saga::header::step), "1"},
                       {std::string(pkg::saga::header::direction), "forward"},
                       {std::string(pkg::saga::header::reply_to), "mallbots.cosec.replies.CreateOrder"}};
    pkg::messaging::testing::publish_until_stored(service().broker(), message);
    return message;
  }
  std::map<std::string, std::string> reply_to(const Message& command) {
    std::map<std::string, std::string> headers;
    pkg::testing::wait_until(
        [&] {
          for (const auto& delivery : service().messages.deliveries()) {
            const auto& found = delivery.message.headers;
            const auto answered = found.find(std::string(pkg::saga::header::command_id));
            if (answered != found.end() && answered->second == command.id) headers = found;
          }
          return !headers.empty();
        },
        "the saga's reply");
    return headers;
  }

  static std::unique_ptr<RunningService> service_;
};
std::unique_ptr<RunningService> UsersService::service_;

TEST_F(UsersService, WhoRegistersSignsInAndIsToldOf) {
  const auto created = register_user("Ann");
  ASSERT_EQ(created.status, 201) << created.body;
  const auto id = parsed<pb::RegisterUserResponse>(created).id();
  const auto session = sign_in("ann");
  const auto me = parsed<pb::User>(service().ask("GET", "/users/me", "", session.access_token()));
  EXPECT_EQ(me.id(), id);
  EXPECT_EQ(me.username(), "ann");
  EXPECT_EQ(me.status(), pb::User::ENABLED);
  ASSERT_EQ(me.roles_size(), 1);
  EXPECT_EQ(me.roles(0), "shopper");
  EXPECT_EQ(session.user().id(), id);
  ASSERT_TRUE(pkg::testing::wait_until([&] { return told("mallbots.users.v1.UserEnabled", id).has_value(); }, "UserEnabled"));
  const auto registered = told("mallbots.users.v1.UserRegistered", id);
  ASSERT_TRUE(registered);
  EXPECT_EQ(registered->aggregate_version, 1u);
  EXPECT_EQ(registered->source, "/mallbots/users");
}

TEST_F(UsersService, RefusalsHaveTheirStatusAndCode) {
  registered("bea");
  expect_problem(register_user("BEA"), 409, "username_taken");
  expect_problem(register_user("b"), 422, "username_not_allowed");
  expect_problem(service().ask("POST", "/sessions", credentials("bea", "wrong horse")), 401, "wrong_credentials");
  expect_problem(service().ask("POST", "/sessions", credentials("nobody", "wrong horse")), 401, "wrong_credentials");
  expect_problem(service().ask("GET", "/users/me"), 401, "not_signed_in");
  const auto bea = sign_in("bea").access_token();
  expect_problem(service().ask("GET", "/users/" + registered("other"), "", bea), 403, "not_your_account");
  expect_problem(service().ask("POST", "/users/" + registered("third") + ":disable", "{}", bea), 403, "role_missing");
  expect_problem(service().ask("PATCH", "/users/me", R"({"newPassword":"battery staple"})", bea), 422, "current_password_required");
}

TEST_F(UsersService, ARefreshTokenWorksOnceAndItsSecondUseEndsTheSession) {
  registered("cat");
  const auto first = sign_in("cat");
  const auto second = refresh(first.refresh_token());
  ASSERT_EQ(second.status, 200) << second.body;
  expect_problem(refresh(first.refresh_token()), 401, "refresh_token_reused");
  expect_problem(refresh(parsed<pb::Session>(second).refresh_token()), 401, "session_revoked");
}

TEST_F(UsersService, SigningOutEndsTheSession) {
  registered("dan");
  const auto session = sign_in("dan");
  const auto body = R"({"refreshToken":")" + session.refresh_token() + "\"}";
  EXPECT_EQ(service().ask("POST", "/sessions:revoke", body).status, 200);
  EXPECT_EQ(service().ask("POST", "/sessions:revoke", body).status, 200);
  expect_problem(refresh(session.refresh_token()), 401, "session_revoked");
}

TEST_F(UsersService, ANewPasswordReplacesTheOldOne) {
  registered("eve");
  const auto session = sign_in("eve");
  const auto body = R"({"currentPassword":"correct horse","newPassword":"battery staple"})";
  ASSERT_EQ(service().ask("PATCH", "/users/me", body, session.access_token()).status, 200);
  expect_problem(service().ask("POST", "/sessions", credentials("eve", "correct horse")), 401, "wrong_credentials");
  sign_in("eve", "battery staple");
  expect_problem(refresh(session.refresh_token()), 401, "session_revoked");
}

TEST_F(UsersService, TheConfiguredOperatorRunsTheMall) {
  const auto token = boss();
  const auto fay = registered("fay");
  const auto session = sign_in("fay");
  const auto granted = parsed<pb::User>(service().ask("POST", "/users/" + fay + ":grantRole", R"({"role":"picker"})", token));
  EXPECT_EQ(granted.roles(1), "picker");
  expect_problem(service().ask("POST", "/users/" + fay + ":disable", "{}", token, "If-Match: 1\r\n"), 412, "stale_version");
  const auto disabled =
      service().ask("POST", "/users/" + fay + ":disable", "{}", token, "If-Match: " + std::to_string(granted.version()) + "\r\n");
  ASSERT_EQ(disabled.status, 200) << disabled.body;
  EXPECT_EQ(parsed<pb::User>(disabled).status(), pb::User::DISABLED);
  expect_problem(refresh(session.refresh_token()), 401, "session_revoked");
  expect_problem(service().ask("POST", "/sessions", credentials("fay", "correct horse")), 403, "user_disabled");
  const auto me = parsed<pb::User>(service().ask("GET", "/users/me", "", token));
  expect_problem(service().ask("POST", "/users/" + me.id() + ":disable", "{}", token), 409, "last_operator");
}

TEST_F(UsersService, PublishesTheKeyThatItsTokensAreVerifiedWith) {
  const auto jwks = service().ask("GET", "/jwks");
  ASSERT_EQ(jwks.status, 200);
  EXPECT_EQ(jwks.body.find("\"d\""), std::string::npos);
  const pkg::clock::SystemClock clock;
  pkg::auth::KeySet keys([&] { return pkg::errors::Result<std::string>(jwks.body); }, clock);
  pkg::auth::Verifier verifier(keys, clock, {.issuer = "mallbots", .audience = "mallbots"});
  const auto claims = verifier.verify(boss());
  ASSERT_TRUE(claims) << claims.error().detail;
  EXPECT_EQ(claims->roles, (std::vector<std::string>{"shopper", "operator"}));
}

TEST_F(UsersService, WhoCreatesAStoreBecomesAnOwnerHoweverOftenItIsTold) {
  const auto gus = registered("gus");
  const auto session = sign_in("gus");
  const auto last = registered("guslast");
  for (const auto& owner : {gus, gus, last}) {
    mallbots::stores::v1::StoreCreated created;
    created.set_owner_id(owner);
    auto message = pkg::messaging::testing::make_message("mallbots.stores.events.Store", gus, created.SerializeAsString());
    message.type = created.GetTypeName();
    pkg::messaging::testing::publish_until_stored(service().broker(), message);
  }
  const std::string granted = "mallbots.users.v1.UserRoleGranted";
  ASSERT_TRUE(pkg::testing::wait_until([&] { return told(granted, last).has_value(); }, "the third message of one key is handled"));
  EXPECT_EQ(told_times(granted, gus), 1);
  const auto refreshed = parsed<pb::Session>(refresh(session.refresh_token()));
  ASSERT_EQ(refreshed.user().roles_size(), 2);
  EXPECT_EQ(refreshed.user().roles(1), "owner");
}

TEST_F(UsersService, TellsASagaWhetherSomebodyMayOrder) {
  const auto hal = registered("hal");
  const auto saga = pkg::ids::CountingIds::nth(7).to_string();
  EXPECT_EQ(reply_to(authorize(hal, saga)).at(std::string(pkg::saga::header::outcome)), "success");
  const auto unknown = reply_to(authorize(pkg::ids::CountingIds::nth(8).to_string(), saga));
  EXPECT_EQ(unknown.at(std::string(pkg::saga::header::failure_code)), "no_such_user");
  ASSERT_EQ(service().ask("POST", "/users/" + hal + ":disable", "{}", boss()).status, 200);
  EXPECT_EQ(reply_to(authorize(hal, saga)).at(std::string(pkg::saga::header::failure_code)), "user_disabled");
}

TEST_F(UsersService, ServicesSignInOverGrpcAndMaySeeUsers) {
  const pkg::grpc::Channel channel({.target = "127.0.0.1:" + std::to_string(service().port("grpcPort"))});
  pb::CreateServiceSessionRequest request;
  request.set_service("notifications");
  request.set_secret("between services");
  const std::string method = "mallbots.users.v1.UsersService.";
  const auto session =
      pkg::grpc::Client(channel).call<pb::CreateServiceSessionRequest, pb::ServiceSession>(method + "CreateServiceSession", request);
  ASSERT_TRUE(session) << session.error().code;
  pb::GetUserRequest get;
  get.set_id(registered("ida"));
  const pkg::grpc::Client client(channel, [&] { return pkg::errors::Result<std::string>(session->access_token()); });
  const auto user = client.call<pb::GetUserRequest, pb::User>(method + "GetUser", get);
  ASSERT_TRUE(user) << user.error().code;
  EXPECT_EQ(user->email(), "ida@mall.test");
  request.set_secret("guess");
  EXPECT_EQ((pkg::grpc::Client(channel)
                 .call<pb::CreateServiceSessionRequest, pb::ServiceSession>(method + "CreateServiceSession", request)
                 .error()
                 .code),
            "wrong_credentials");
}

}  // namespace
}  // namespace users::tests
