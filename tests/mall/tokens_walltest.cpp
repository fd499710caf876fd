// Tokens at the mall's doors: forged ones are nobody's at every service, and sessions end when they must.

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <regex>
#include <thread>

#include "pkg/auth/base64.hpp"
#include "pkg/auth/keys.hpp"
#include "tests/mall/rpcs.hpp"
#include "tests/mall/world.hpp"

namespace mall::testing {
namespace {

std::string encoded(std::string_view text) {
  return pkg::auth::base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string decoded(std::string_view text) {
  const auto bytes = pkg::auth::base64_decode(text).value();
  return {bytes.begin(), bytes.end()};
}

class Tokens : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { world_.reset(); }

  /// The key that users signs with, out of its database.
  static pkg::auth::SigningKey key_of_the_mall() {
    const auto stored = world_->mall.database("users").sql("SELECT private_jwk FROM signing_keys ORDER BY generation DESC LIMIT 1");
    return std::move(*pkg::auth::SigningKey::from_private_jwk(stored));
  }

  /// One call of each service that needs somebody signed in, with a role that an operator has where it needs one.
  static std::vector<const Rpc*> one_call_of_each_service() {
    std::map<std::string, const Rpc*> calls;
    for (const auto& rpc : all_rpcs()) {
      if (rpc.gate != Gate::anyone && rpc.verb == "GET") calls.insert({rpc.service, &rpc});
    }
    calls["stores"] = &rpc("stores.RebrandStore");
    calls["baskets"] = &rpc("baskets.StartBasket");
    std::vector<const Rpc*> list;
    for (const auto& [service, call] : calls) list.push_back(call);
    return list;
  }

  static int status_over_rest(const Rpc& call, const std::string& authorization) {
    const auto spoken = speak(call, *good_request(call.name, *world_));
    const auto header = authorization.empty() ? "" : "Authorization: " + authorization + "\r\n";
    const auto answer = world_->mall.visitor().ask(call.verb, spoken.path + spoken.query, spoken.body, header);
    if (answer.status >= 400) expect_problem(answer, "the refusal");
    return answer.status;
  }

  static void expect_nobody(const std::string& attack, const std::string& authorization) {
    for (const auto* call : one_call_of_each_service())
      EXPECT_EQ(status_over_rest(*call, authorization), 401) << attack << " at " << call->name;
  }
  /// As a bearer token, over gRPC as well: there metadata of more than 8 KiB is refused before it is looked at.
  static void expect_forged(const std::string& attack, const std::string& token) {
    expect_nobody(attack, "Bearer " + token);
    const int refused = token.size() > 8 * 1024 ? status_of(pkg::errors::ErrorKind::too_many) : 401;
    for (const auto* call : one_call_of_each_service()) {
      EXPECT_EQ(world_->ask_grpc(*call->method, *good_request(call->name, *world_), token), refused)
          << attack << " at " << call->name << " over gRPC";
    }
  }

  static inline std::unique_ptr<World> world_;
};

TEST_F(Tokens, ThatAreForgedAreNobodysAtEveryService) {
  ASSERT_EQ(one_call_of_each_service().size(), RunningMall::service_names().size());
  const auto token = world_->an_operator.token();
  const auto first = token.find('.'), second = token.rfind('.');
  const auto head = token.substr(0, first), claims = token.substr(first + 1, second - first - 1), signature = token.substr(second + 1);
  const auto payload = decoded(claims);
  const auto key = key_of_the_mall();
  const auto with = [&](const char* pattern, const std::string& replacement) {
    const auto changed = std::regex_replace(payload, std::regex(pattern), replacement);
    EXPECT_NE(changed, payload) << pattern;
    return changed;
  };
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();

  // The forger's tools make good tokens too: so it is the one thing changed below that each is refused for.
  for (const auto* call : one_call_of_each_service()) {
    EXPECT_LT(status_over_rest(*call, "Bearer " + key.sign(payload).value()), 300) << call->name;
    EXPECT_EQ(world_->ask_grpc(*call->method, *good_request(call->name, *world_), key.sign(payload).value()), 200) << call->name;
  }

  expect_forged("a signature of zeros", head + "." + claims + "." + pkg::auth::base64_encode(std::vector<std::uint8_t>(64)));
  expect_forged("no signature", head + "." + claims + ".");
  expect_forged("another payload under the signature", head + "." + encoded(with("operator", "owner")) + "." + signature);
  expect_forged("expired", key.sign(with(R"("exp":\d+)", "\"exp\":" + std::to_string(now - 60))).value());
  expect_forged("another issuer", key.sign(with(R"("iss":"[^"]*")", R"("iss":"elsewhere")")).value());
  expect_forged("another audience", key.sign(with(R"("aud":"[^"]*")", R"("aud":"elsewhere")")).value());
  expect_forged("not yet", key.sign(with(R"("iat":\d+)", "\"iat\":" + std::to_string(now + 3600))).value());

  const auto foreign = std::move(*pkg::auth::SigningKey::generate());
  const auto by_foreign = foreign.sign(payload).value();
  expect_forged("a foreign key, its kid unknown", by_foreign);
  expect_forged("a foreign key under the mall's kid", head + by_foreign.substr(by_foreign.find('.')));

  const auto header = [&](const std::string& alg) {
    return encoded(R"({"alg":")" + alg + R"(","kid":")" + key.kid() + R"(","typ":"at+jwt"})");
  };
  expect_forged("alg none", header("none") + "." + claims + ".");
  expect_forged("alg none with a signature", header("none") + "." + claims + "." + signature);
  const auto input = header("HS256") + "." + claims;
  for (const auto& secret : {key.public_jwk(), key.jwks(), world_->stranger.get("/jwks").body}) {
    unsigned char mac[32];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(input.data()), input.size(),
         mac, &size);
    expect_forged("HS256 with the public key as its secret", input + "." + pkg::auth::base64_encode({mac, size}));
  }

  for (const char* rubbish : {"garbage", "a.b.c", "..", ".", "eyJ", "null", "'; DROP TABLE users; --", "Bearer"})
    expect_forged(std::string("rubbish ") + rubbish, rubbish);
  expect_forged("10 KiB", std::string(10 * 1024, 'A'));
  expect_forged("10 KiB behind a good one", token + std::string(10 * 1024, 'A'));
  expect_forged("a refresh token", world_->refresh_token());
  expect_nobody("no header", "");
  expect_nobody("an empty token", "Bearer ");
  expect_nobody("another scheme", "Basic b3BlcmF0b3I6b3BlcmF0b3I=");
  expect_nobody("a good token without a scheme", token);
  world_->expect_alive();
}

std::string refresh(const std::string& token) { return R"({"refreshToken":")" + token + "\"}"; }

TEST_F(Tokens, EndWithTheirFamilyWhenOneIsUsedTwice) {
  auto who = world_->mall.visitor();
  who.register_as("ruth");
  const auto first = who.refresh_token();
  who.sign_in_again();
  const auto elsewhere = who.refresh_token();
  const auto second = who.done("/sessions:refresh", refresh(first)).text("refreshToken");
  const auto third = who.done("/sessions:refresh", refresh(second)).text("refreshToken");

  const auto expect_ended = [&](const std::string& token, const char* code) {
    const auto answer = who.post("/sessions:refresh", refresh(token));
    EXPECT_EQ(answer.status, 401) << answer.body;
    EXPECT_EQ(answer.code(), code);
    expect_problem(answer, "the refusal");
  };
  expect_ended(first, "refresh_token_reused");
  for (const auto& token : {third, second, first}) expect_ended(token, "session_revoked");
  who.done("/sessions:refresh", refresh(elsewhere));  // another sign-in is another family
}

TEST_F(Tokens, AreNotDoubledByTwoRefreshesAtTheSameTime) {
  for (int round = 0; round < 10; ++round) {
    const auto token = world_->refresh_token();
    std::array<Answer, 4> answers;
    {
      std::vector<std::jthread> at_once;
      for (auto& answer : answers) at_once.emplace_back([&] { answer = world_->mall.visitor().post("/sessions:refresh", refresh(token)); });
    }
    int given = 0;
    for (const auto& answer : answers) {
      EXPECT_TRUE(answer.status == 200 || answer.status == 401) << answer.status << " " << answer.body;
      if (answer.status != 200) continue;
      ++given;
      // Which of the two is the thief cannot be known: the new pair ended as well.
      EXPECT_EQ(world_->mall.visitor().post("/sessions:refresh", refresh(answer.text("refreshToken"))).status, 401);
    }
    EXPECT_LE(given, 1);
  }
}

TEST_F(Tokens, EndWhenTheirSessionIsRevoked) {
  auto who = world_->mall.visitor();
  who.register_as("ruth");
  who.done("/sessions:revoke", refresh(who.refresh_token()));
  EXPECT_EQ(who.post("/sessions:refresh", refresh(who.refresh_token())).code(), "session_revoked");
  who.done("/sessions:revoke", refresh(who.refresh_token()));
  who.done("/sessions:revoke", refresh("nobody's"));  // nobody learns which tokens there are
}

TEST_F(Tokens, OfADisabledUserEndAndDoNotComeBack) {
  auto who = world_->mall.visitor();
  who.register_as("dora");
  const auto first = who.refresh_token();
  who.sign_in_again();
  const auto second = who.refresh_token();
  world_->an_operator.done("/users/" + who.id() + ":disable");
  const auto expect_ended = [&] {
    for (const auto& token : {first, second}) {
      const auto answer = who.post("/sessions:refresh", refresh(token));
      EXPECT_EQ(answer.status, 401) << answer.body;
      EXPECT_EQ(answer.code(), "session_revoked");
    }
  };
  expect_ended();
  const auto credentials = R"({"username":")" + who.username() + R"(","password":")" + Visitor::password + "\"}";
  const auto signing_in = who.post("/sessions", credentials);
  EXPECT_EQ(signing_in.status, 403);
  EXPECT_EQ(signing_in.code(), "user_disabled");
  EXPECT_EQ(who.ask("PATCH", "/users/me", R"({"email":"other@example.org"})").code(), "user_disabled")
      << "an access token lives on for minutes; the account does not change by it";
  world_->an_operator.done("/users/" + who.id() + ":enable");
  expect_ended();
  EXPECT_EQ(who.post("/sessions", credentials).status, 200);
}

TEST_F(Tokens, CarryRolesAsTheyWereWhenTheyWereGiven) {
  auto who = world_->mall.visitor();
  who.register_as("rita");
  EXPECT_EQ(who.get("/bots").status, 403);
  world_->an_operator.done("/users/" + who.id() + ":grantRole", R"({"role":"picker"})");
  EXPECT_EQ(who.get("/bots").status, 403) << "the old token";
  const auto session = who.done("/sessions:refresh", refresh(who.refresh_token()));
  who.use_token(session.text("accessToken"));
  EXPECT_EQ(who.get("/bots").status, 200) << "the next one";
  world_->an_operator.done("/users/" + who.id() + ":revokeRole", R"({"role":"picker"})");
  who.use_token(who.done("/sessions:refresh", refresh(session.text("refreshToken"))).text("accessToken"));
  EXPECT_EQ(who.get("/bots").status, 403) << "the one after";
}

}  // namespace
}  // namespace mall::testing
