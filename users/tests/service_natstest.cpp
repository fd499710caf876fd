// The users service from outside: HTTP and gRPC in, messages in and out, on a real PostgreSQL and NATS.

#include <gtest/gtest.h>

#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/auth/tokens.hpp"
#include "pkg/grpc/client.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/internal/agent/agent.hpp"
#include "users/userspb/api.pb.h"
#include "users/userspb/messages.pb.h"

namespace users::tests {
namespace {

namespace pb = mallbots::users::v1;
using pkg::agent::testing::HttpAnswer;

const std::string replies = "mallbots.cosec.replies.CreateOrder";

std::string credentials(const std::string& name, const std::string& password) {
  return R"({"username":")" + name + R"(","password":")" + password + "\"}";
}

class UsersService : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { running_ = std::make_unique<Running>(); }
  static void TearDownTestSuite() { running_.reset(); }
  static pkg::agent::testing::RunningService& service() { return running_->service; }
  static pkg::agent::testing::Neighbour& mall() { return running_->mall; }

  static HttpAnswer ask(const std::string& verb, const std::string& path, const std::string& body = "{}", const std::string& token = {},
                        const std::string& more_headers = {}) {
    return service().ask(verb, "/api/v1" + path, token, verb == "GET" ? std::string() : body, more_headers);
  }
  HttpAnswer register_user(const std::string& name) {
    return ask("POST", "/users", R"({"username":")" + name + R"(","email":")" + name + R"(@mall.test","password":"correct horse"})");
  }
  std::string registered(const std::string& name) { return register_user(name).as<pb::RegisterUserResponse>().id(); }
  pb::Session sign_in(const std::string& name, const std::string& password = "correct horse") {
    const auto answer = ask("POST", "/sessions", credentials(name, password));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.as<pb::Session>();
  }
  HttpAnswer refresh(const std::string& token) { return ask("POST", "/sessions:refresh", R"({"refreshToken":")" + token + "\"}"); }
  std::string boss() { return sign_in("boss", "boss's password").access_token(); }
  static void expect_problem(const HttpAnswer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.text("code"), code) << answer.body;
  }
  /// The outcome of AuthorizeUser, sent by the saga.
  static std::string authorize(const std::string& user, const std::string& saga) {
    pb::AuthorizeUser command;
    command.set_user_id(user);
    return mall().reply_to(mall().send(mall().command("mallbots.users.commands", saga, replies, command)));
  }

 private:
  struct Running {
    pkg::agent::testing::RunningService service{agent::blueprint(),
                                                {{"SERVICE_SECRET", "between services"},
                                                 {"USERS_OPERATOR_USERNAME", "boss"},
                                                 {"USERS_OPERATOR_EMAIL", "boss@mall.test"},
                                                 {"USERS_OPERATOR_PASSWORD", "boss's password"}}};
    pkg::agent::testing::Neighbour mall{service.nats.url(), {"mallbots.users.events.User", replies}};
  };
  static inline std::unique_ptr<Running> running_;
};

TEST_F(UsersService, WhoRegistersSignsInAndIsToldOf) {
  const auto created = register_user("Ann");
  ASSERT_EQ(created.status, 201) << created.body;
  const auto id = created.as<pb::RegisterUserResponse>().id();
  const auto session = sign_in("ann");
  const auto me = ask("GET", "/users/me", "", session.access_token()).as<pb::User>();
  EXPECT_EQ(me.id(), id);
  EXPECT_EQ(me.username(), "ann");
  EXPECT_EQ(me.status(), pb::User::ENABLED);
  ASSERT_EQ(me.roles_size(), 1);
  EXPECT_EQ(me.roles(0), "shopper");
  EXPECT_EQ(session.user().id(), id);
  mall().hear<pb::UserEnabled>(id);
  ASSERT_EQ(mall().count<pb::UserRegistered>(id), 1u);
  const auto told = mall().hear<pb::UserRegistered>(id).first;
  EXPECT_EQ(told.aggregate_version, 1u);
  EXPECT_EQ(told.source, "/mallbots/users");
}

TEST_F(UsersService, RefusalsHaveTheirStatusAndCode) {
  registered("bea");
  expect_problem(register_user("BEA"), 409, "username_taken");
  expect_problem(register_user("b"), 422, "username_not_allowed");
  expect_problem(ask("POST", "/sessions", credentials("bea", "wrong horse")), 401, "wrong_credentials");
  expect_problem(ask("POST", "/sessions", credentials("nobody", "wrong horse")), 401, "wrong_credentials");
  expect_problem(ask("GET", "/users/me"), 401, "not_signed_in");
  const auto bea = sign_in("bea").access_token();
  expect_problem(ask("GET", "/users/" + registered("other"), "", bea), 403, "not_your_account");
  expect_problem(ask("POST", "/users/" + registered("third") + ":disable", "{}", bea), 403, "role_missing");
  expect_problem(ask("PATCH", "/users/me", R"({"newPassword":"battery staple"})", bea), 422, "current_password_required");
}

TEST_F(UsersService, ARefreshTokenWorksOnceAndItsSecondUseEndsTheSession) {
  registered("cat");
  const auto first = sign_in("cat");
  const auto second = refresh(first.refresh_token());
  ASSERT_EQ(second.status, 200) << second.body;
  expect_problem(refresh(first.refresh_token()), 401, "refresh_token_reused");
  expect_problem(refresh(second.as<pb::Session>().refresh_token()), 401, "session_revoked");
}

TEST_F(UsersService, SigningOutEndsTheSession) {
  registered("dan");
  const auto session = sign_in("dan");
  const auto body = R"({"refreshToken":")" + session.refresh_token() + "\"}";
  EXPECT_EQ(ask("POST", "/sessions:revoke", body).status, 200);
  EXPECT_EQ(ask("POST", "/sessions:revoke", body).status, 200);
  expect_problem(refresh(session.refresh_token()), 401, "session_revoked");
}

TEST_F(UsersService, ANewPasswordReplacesTheOldOne) {
  registered("eve");
  const auto session = sign_in("eve");
  const auto body = R"({"currentPassword":"correct horse","newPassword":"battery staple"})";
  ASSERT_EQ(ask("PATCH", "/users/me", body, session.access_token()).status, 200);
  expect_problem(ask("POST", "/sessions", credentials("eve", "correct horse")), 401, "wrong_credentials");
  sign_in("eve", "battery staple");
  expect_problem(refresh(session.refresh_token()), 401, "session_revoked");
}

TEST_F(UsersService, TheConfiguredOperatorRunsTheMall) {
  const auto token = boss();
  const auto fay = registered("fay");
  const auto session = sign_in("fay");
  const auto granted = ask("POST", "/users/" + fay + ":grantRole", R"({"role":"picker"})", token).as<pb::User>();
  EXPECT_EQ(granted.roles(1), "picker");
  expect_problem(ask("POST", "/users/" + fay + ":disable", "{}", token, "If-Match: 1\r\n"), 412, "stale_version");
  const auto disabled = ask("POST", "/users/" + fay + ":disable", "{}", token, "If-Match: " + std::to_string(granted.version()) + "\r\n");
  ASSERT_EQ(disabled.status, 200) << disabled.body;
  EXPECT_EQ(disabled.as<pb::User>().status(), pb::User::DISABLED);
  expect_problem(refresh(session.refresh_token()), 401, "session_revoked");
  expect_problem(ask("POST", "/sessions", credentials("fay", "correct horse")), 403, "user_disabled");
  const auto me = ask("GET", "/users/me", "", token).as<pb::User>();
  expect_problem(ask("POST", "/users/" + me.id() + ":disable", "{}", token), 409, "last_operator");
}

TEST_F(UsersService, PublishesTheKeyThatItsTokensAreVerifiedWith) {
  const auto jwks = ask("GET", "/jwks");
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
    mall().send(mall().event("mallbots.stores.events.Store", gus, 1, created));
  }
  mall().hear<pb::UserRoleGranted>(last);  // the third message of one key, so the others were handled
  EXPECT_EQ(mall().count<pb::UserRoleGranted>(gus), 1u);
  const auto refreshed = refresh(session.refresh_token()).as<pb::Session>();
  ASSERT_EQ(refreshed.user().roles_size(), 2);
  EXPECT_EQ(refreshed.user().roles(1), "owner");
}

TEST_F(UsersService, TellsASagaWhetherSomebodyMayOrder) {
  const auto hal = registered("hal");
  const auto saga = pkg::ids::CountingIds::nth(7).to_string();
  EXPECT_EQ(authorize(hal, saga), "success");
  EXPECT_EQ(authorize(pkg::ids::CountingIds::nth(8).to_string(), saga), "no_such_user");
  ASSERT_EQ(ask("POST", "/users/" + hal + ":disable", "{}", boss()).status, 200);
  EXPECT_EQ(authorize(hal, saga), "user_disabled");
}

TEST_F(UsersService, ServicesSignInOverGrpcAndMaySeeUsers) {
  const pkg::grpc::Channel channel({.target = "127.0.0.1:" + std::to_string(service().ports().grpc)});
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
