// The stores of users on a real PostgreSQL.

#include <gtest/gtest.h>

#include <future>

#include "pkg/auth/tokens.hpp"
#include "pkg/embed/embedded_file.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "users/internal/adapters/auth/signed_tokens.hpp"
#include "users/internal/adapters/pg/pg_session_store.hpp"
#include "users/internal/adapters/pg/pg_signing_keys.hpp"
#include "users/internal/adapters/pg/pg_user_store.hpp"
#include "users/internal/app/app.hpp"
#include "users/tests/fakes.hpp"
#include "users/tests/port_contracts.hpp"

namespace users::tests {

std::span<const pkg::embed::EmbeddedFile> migration_files();

namespace {

class PgPorts {
 public:
  PgPorts() : pool_(options(database_.connection_string())) {
    const auto steps = pkg::postgres::embedded_migrations("users", migration_files());
    EXPECT_TRUE(steps);
    EXPECT_TRUE(pkg::postgres::migrate(pool_.options().connection, *steps));
  }
  pkg::postgres::Pool& pool() { return pool_; }
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::UserStore& users() { return users_; }
  app::SessionStore& sessions() { return sessions_; }

 private:
  static pkg::postgres::PoolOptions options(const std::string& connection_string) {
    pkg::postgres::PoolOptions options;
    options.connection.connection_string = connection_string;
    options.max_connections = 8;
    return options;
  }

  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_;
  pkg::postgres::PgTransactor transactor_{pool_};
  adapters::pg::PgUserStore users_;
  adapters::pg::PgSessionStore sessions_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PortContract, PgPorts);

/// Runs the same in so many threads at once.
template <class F>
auto at_once(int times, F work) {
  std::vector<std::future<std::invoke_result_t<F&, int>>> running;
  for (int i = 0; i < times; ++i) running.push_back(std::async(std::launch::async, work, i));
  std::vector<std::invoke_result_t<F&, int>> results;
  for (auto& one : running) results.push_back(one.get());
  return results;
}

/// Nothing is recorded, from any thread.
class NoNews final : public app::UserNews {
 public:
  void tell(pkg::uow::UnitOfWork&, const domain::UserId&, const app::LoadedUser&, std::span<const domain::UserEvent>) override {}
};

class UsersAtOnce : public ::testing::Test {
 protected:
  PgPorts ports;
  pkg::clock::SystemClock clock;
  pkg::ids::CountingIds ids;
  NoNews news;
  FakePasswords passwords;
  FakeServiceSecret secret;
  adapters::pg::PgSigningKeys keys{ports.pool()};
  adapters::auth::SignedTokens tokens{keys, clock, {"mallbots", std::chrono::minutes{15}, std::chrono::hours{24}}};
  app::Application app{{ports.transactor(), ports.users(), ports.sessions(), news, passwords, tokens, secret, clock}, {}};
  const std::string password = "correct horse";

  domain::UserId make_operator(const std::string& name) {
    return app.ensure_operator({}, {domain::UserId::make(ids), name, name + "@mall.test", password}).value().id;
  }
};

TEST_F(UsersAtOnce, OfSeveralRefreshesWithOneTokenExactlyOneGoesOnAndTheSessionEnds) {
  make_operator("boss");
  for (int round = 0; round < 5; ++round) {
    const auto session = app.sign_in({}, {domain::SessionId::make(ids), "boss", password});
    ASSERT_TRUE(session) << session.error().code;
    const auto refreshed = at_once(4, [&](int) { return app.refresh_session({}, session->refresh_token); });
    std::vector<std::string> next;
    for (const auto& one : refreshed) {
      if (one) {
        next.push_back(one->refresh_token);
      } else {
        EXPECT_TRUE(one.error().code == "refresh_token_reused" || one.error().code == "session_revoked") << one.error().code;
      }
    }
    ASSERT_EQ(next.size(), 1u);
    EXPECT_EQ(app.refresh_session({}, next.front()).error().code, "session_revoked");
  }
}

TEST_F(UsersAtOnce, OperatorsWhoDisableEachOtherLeaveOne) {
  for (int round = 0; round < 5; ++round) {
    const std::array pair{make_operator("left" + std::to_string(round)), make_operator("right" + std::to_string(round))};
    const auto disabled = at_once(2, [&](int i) { return app.disable_user({}, {pair[static_cast<std::size_t>(i)], {}}); });
    EXPECT_NE(disabled[0].has_value(), disabled[1].has_value());
    const auto& refused = disabled[0] ? disabled[1] : disabled[0];
    EXPECT_EQ(refused.error().code, "last_operator");
    // The one who is left gives way, so that the next round has two again.
    ports.pool().query("UPDATE users SET status = 'disabled'").value();
  }
}

TEST_F(UsersAtOnce, OfSeveralWhoTakeOneNameExactlyOneGetsIt) {
  const auto registered = at_once(4, [&](int i) {
    return app.register_user({},
                             {domain::UserId::make(ids), i % 2 == 0 ? "ann" : "ANN", "ann" + std::to_string(i) + "@mall.test", password});
  });
  int taken = 0;
  for (const auto& one : registered) {
    if (!one) {
      EXPECT_EQ(one.error().code, "username_taken");
    }
    if (!one) ++taken;
  }
  EXPECT_EQ(taken, 3);
}

TEST(PgSigningKeys, ReplicasThatStartAtOnceAgreeOnOneKeyAndKeepIt) {
  PgPorts ports;
  const auto kids = at_once(4, [&](int) {
    adapters::pg::PgSigningKeys keys(ports.pool());
    const auto signer = keys.signer();
    return signer ? (*signer)->key().kid() : signer.error().code;
  });
  for (const auto& kid : kids) EXPECT_EQ(kid, kids.front());
  adapters::pg::PgSigningKeys later(ports.pool());
  EXPECT_EQ((*later.signer())->key().kid(), kids.front());
  EXPECT_NE(later.jwks()->find(kids.front()), std::string::npos);
  EXPECT_EQ(later.jwks()->find("\"d\""), std::string::npos) << "the private half is not published";
}

TEST(SignedTokens, AreGoodForWhoeverHasTheJwks) {
  PgPorts ports;
  pkg::clock::SystemClock clock;
  adapters::pg::PgSigningKeys keys(ports.pool());
  adapters::auth::SignedTokens tokens(keys, clock, {"mallbots", std::chrono::minutes{15}, std::chrono::hours{24}});
  pkg::auth::KeySet key_set([&] { return keys.jwks(); }, clock);
  pkg::auth::Verifier verifier(key_set, clock, {.issuer = "mallbots", .audience = "mallbots"});

  const domain::UserId ann{pkg::ids::CountingIds::nth(1)};
  const domain::SessionId session{pkg::ids::CountingIds::nth(2)};
  const auto user = tokens.user_token(ann, {domain::Role::shopper, domain::Role::mall_operator}, session);
  ASSERT_TRUE(user);
  const auto claims = verifier.verify(user->text);
  ASSERT_TRUE(claims) << claims.error().detail;
  EXPECT_EQ(claims->subject, ann.to_string());
  EXPECT_EQ(claims->roles, (std::vector<std::string>{"shopper", "operator"}));
  EXPECT_EQ(claims->session, session.to_string());
  EXPECT_EQ(claims->expires_at, user->expires_at);

  const auto service = verifier.verify(tokens.service_token("baskets")->text);
  ASSERT_TRUE(service);
  EXPECT_EQ(service->subject, "baskets");
  EXPECT_EQ(service->roles, std::vector<std::string>{"service"});

  const auto one = tokens.refresh_token();
  EXPECT_EQ(tokens.digest(one.text), one.kept.digest);
  EXPECT_NE(one.text, one.kept.digest);
  EXPECT_NE(one.text, tokens.refresh_token().text);
}

}  // namespace
}  // namespace users::tests
