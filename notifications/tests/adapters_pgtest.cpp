// The adapters of notifications on PostgreSQL pass the contract that the fakes pass; and mails reach a real mail server.

#include <gmock/gmock.h>

#include <atomic>

#include "notifications/internal/adapters/mail/mail_postman.hpp"
#include "notifications/internal/adapters/pg/pg_acquaintances.hpp"
#include "notifications/internal/adapters/pg/pg_mail_queue.hpp"
#include "notifications/internal/adapters/pg/pg_notifications.hpp"
#include "notifications/internal/app/app.hpp"
#include "notifications/tests/port_contracts.hpp"
#include "pkg/mail/smtp_mailer.hpp"
#include "pkg/mail/smtp_server_for_tests.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace notifications::tests {

/// The service's tables; see mall_embed() in CMakeLists.txt.
std::span<const pkg::embed::EmbeddedFile> migration_files();

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

pkg::postgres::PoolOptions options_for(const std::string& connection_string) {
  pkg::postgres::PoolOptions options;
  options.connection.connection_string = connection_string;
  return options;
}

class PgPorts {
 public:
  PgPorts() {
    const auto steps = pkg::postgres::embedded_migrations("notifications", migration_files());
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, steps.value());
    if (!migrated) ADD_FAILURE() << migrated.error().detail;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::Notifications& notifications() { return notifications_; }
  app::MailQueue& queue() { return queue_; }
  app::Acquaintances& acquaintances() { return acquaintances_; }
  int wakes() const { return wakes_; }
  const pkg::testing::TestDatabase& database() const { return database_; }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{options_for(database_.connection_string())};
  pkg::postgres::PgTransactor transactor_{pool_};
  std::atomic<int> wakes_ = 0;
  adapters::pg::PgNotifications notifications_{[this] { ++wakes_; }};
  adapters::pg::PgMailQueue queue_{[this] { ++wakes_; }};
  adapters::pg::PgAcquaintances acquaintances_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Pg, PortContract, PgPorts);

const domain::UserId ann{pkg::ids::CountingIds::nth(1002)};
const domain::OrderId order{pkg::ids::CountingIds::nth(1004)};

TEST(PgAcquaintances, AreNotAskedForAgainWhereTheyNeverChange) {
  PgPorts ports;
  const domain::OrderSummary summary{"2 x Tea", {*pkg::money::Currency::parse("EUR"), 500}};
  const auto context = [&] {
    return ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.acquaintances().find(unit, ann, order); }).value();
  };
  const auto tell = [&](auto work) {
    ASSERT_TRUE(ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      work(unit);
      return {};
    }));
  };
  tell([&](auto& unit) { ports.acquaintances().learn(unit, order, summary); });
  EXPECT_EQ(context().username, "");
  tell([&](auto& unit) { ports.acquaintances().learn(unit, {ann, "ann", "ann@people.test", 1}); });
  EXPECT_EQ(context().username, "ann") << "that it was not known is not remembered";
  ports.database().sql("DELETE FROM known_people; DELETE FROM known_orders");
  EXPECT_EQ(context().username, "ann");
  ASSERT_TRUE(context().order);
  EXPECT_EQ(context().order->items, summary.items);
}

class Delivery : public ::testing::Test {
 protected:
  Delivery()
      : app_({ports_.transactor(), ports_.notifications(), ports_.acquaintances(), ports_.queue(), ids_, clock_,
              domain::Delivery::queued}) {}

  void welcome(const std::string& email) {
    const auto done = ports_.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      app_.welcome_user(unit, {ann, "ann", email, 1});
      return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
  }
  pkg::errors::Result<app::Delivered> deliver() { return deliver_mails_({}, {}); }
  domain::Notification welcome_of_ann() { return app_.list_notifications({}, {ann, {}}).value().items.at(0); }

  pkg::clock::ManualClock clock_;
  pkg::ids::CountingIds ids_;
  PgPorts ports_;
  pkg::mail::testing::SmtpServer server_;
  std::unique_ptr<pkg::mail::Mailer> mailer_ = pkg::mail::smtp_mailer({.url = server_.url()}, clock_, ids_);
  adapters::mail::MailPostman postman_{*mailer_, "mall@mall.test"};
  app::Application app_;
  app::DeliverMailsHandler deliver_mails_{
      {ports_.transactor(), ports_.queue(), ports_.acquaintances(), nullptr, postman_, ids_, clock_, {}}};
};

TEST_F(Delivery, WakesItsWorkerAfterTheCommitOnly) {
  const auto done = ports_.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    app_.welcome_user(unit, {ann, "ann", "ann@people.test", 1});
    EXPECT_EQ(ports_.wakes(), 0);
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_GT(ports_.wakes(), 0);
}

TEST_F(Delivery, ReachesTheMailServerUnderTheNotificationsOwnId) {
  welcome("ann@people.test");
  const auto delivered = deliver();
  ASSERT_TRUE(delivered) << delivered.error().detail;
  EXPECT_FALSE(delivered->trouble) << delivered->trouble->detail;
  const auto mail = server_.next_line("the welcome");
  EXPECT_THAT(mail, HasSubstr("\"from\": \"mall@mall.test\""));
  EXPECT_THAT(mail, HasSubstr("\"to\": [\"ann@people.test\"]"));
  EXPECT_THAT(mail, HasSubstr("\"Subject\": \"Welcome to MallBots\""));
  EXPECT_THAT(mail, HasSubstr("Hello ann,\\n"));
  EXPECT_THAT(mail, HasSubstr("<" + welcome_of_ann().id.to_string() + "@mall.test>"));
  EXPECT_EQ(welcome_of_ann().delivery, domain::Delivery::sent);
}

TEST_F(Delivery, EndsForGoodWhereTheServerRefusesForGood) {
  welcome("never@people.test");
  ASSERT_TRUE(deliver());
  EXPECT_EQ(welcome_of_ann().delivery, domain::Delivery::failed);
}

TEST_F(Delivery, EndsForGoodWhereTheAddressCannotStandInAMail) {
  welcome("ann@people.test\r\nBcc: all@people.test");
  ASSERT_TRUE(deliver());
  EXPECT_EQ(welcome_of_ann().delivery, domain::Delivery::failed);
}

TEST_F(Delivery, IsPutOffWhereTheServerRefusesForNowOrIsAway) {
  welcome("later@people.test");
  EXPECT_TRUE(deliver().value().trouble);
  EXPECT_EQ(welcome_of_ann().delivery, domain::Delivery::queued);
  EXPECT_EQ(deliver().value().leased, 0);
  server_.stop();
  clock_.advance(15s);
  EXPECT_TRUE(deliver().value().trouble);
  EXPECT_EQ(welcome_of_ann().delivery, domain::Delivery::queued);
}

TEST_F(Delivery, ByManyAtATimeSendsEachMailOnce) {
  constexpr std::uint64_t people = 30;
  const auto done = ports_.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    for (std::uint64_t n = 0; n < people; ++n) {
      const domain::UserId user{pkg::ids::CountingIds::nth(2000 + n)};
      app_.welcome_user(unit, {user, "user" + std::to_string(n), "user" + std::to_string(n) + "@people.test", 1});
    }
    return {};
  });
  ASSERT_TRUE(done);
  std::atomic<int> settled = 0;
  {
    std::vector<std::jthread> replicas;
    for (int i = 0; i < 4; ++i) {
      replicas.emplace_back([&] {
        for (;;) {
          const auto delivered = deliver_mails_({}, {.limit = 3});
          if (!delivered || delivered->leased == 0) return;
          settled += delivered->settled;
        }
      });
    }
  }
  EXPECT_EQ(settled, static_cast<int>(people));
  std::vector<std::string> mails;
  for (std::uint64_t n = 0; n < people; ++n) mails.push_back(server_.next_line("a welcome"));
  for (std::uint64_t n = 0; n < people; ++n) {
    const auto to = "\"to\": [\"user" + std::to_string(n) + "@people.test\"]";
    EXPECT_EQ(std::ranges::count_if(mails, [&](const std::string& mail) { return mail.find(to) != std::string::npos; }), 1) << to;
  }
}

}  // namespace
}  // namespace notifications::tests
