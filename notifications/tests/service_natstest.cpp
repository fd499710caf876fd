// The service from outside: HTTP and messages in, mails out.

#include <gmock/gmock.h>

#include "notifications/internal/agent/agent.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/mail/smtp_server_for_tests.hpp"
#include "pkg/testing/wait.hpp"
#include "users/userspb/messages.pb.h"

namespace notifications::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

using pkg::agent::testing::HttpAnswer;
using Settings = pkg::agent::testing::RunningService::Settings;

/// The service, and the others around it.
struct World {
  explicit World(Settings settings = {}) : service(agent::blueprint(), std::move(settings)) {}

  pkg::agent::testing::RunningService service;
  pkg::agent::testing::Neighbour mall{service.nats.url(), {}};
};

/// One shopper and one order against a running service.
class Story {
 public:
  explicit Story(World& world) : world_(world), ann_(world.service.new_id()), order_(world.service.new_id()) {}

  void registers(const std::string& email = "ann@people.test") {
    mallbots::users::v1::UserRegistered event;
    event.set_user_id(ann_);
    event.set_username("ann");
    event.set_email(email);
    world_.mall.send(world_.mall.event("mallbots.users.events.User", ann_, 1, event));
  }
  void is_approved() {
    publish<mallbots::ordering::v1::OrderApproved>("mallbots.ordering.events.Order", [](auto&) {});
  }
  void is_ready(const std::string& invoice) {
    publish<mallbots::payments::v1::InvoiceCreated>("mallbots.payments.events.Invoice", [&](auto& event) {
      event.set_invoice_id(invoice);
      event.mutable_amount()->set_currency("JPY");
      event.mutable_amount()->set_minor_units(1250);
    });
  }
  HttpAnswer list(const std::string& query = "") { return world_.service.get("/api/v1/notifications" + query, token()); }
  bool sees(const std::string& text) {
    return pkg::testing::wait_until([&] { return list().body.find(text) != std::string::npos; }, "a list of notifications with " + text);
  }
  std::string token() const { return world_.service.keys.token(ann_, {"shopper"}); }
  const std::string& order() const { return order_; }

 private:
  template <class Event, class Fill>
  void publish(const std::string& channel, Fill fill) {
    Event event;
    event.set_order_id(order_);
    event.set_user_id(ann_);
    fill(event);
    world_.mall.send(world_.mall.event(channel, order_, 1, event));
  }

  World& world_;
  std::string ann_;
  std::string order_;
};

TEST(NotificationsService, MailsWhatHappensOnceAndShowsItNewestFirst) {
  pkg::mail::testing::SmtpServer mail_server;
  World world(Settings{{"NOTIFICATIONS_SMTP_URL", mail_server.url()}, {"NOTIFICATIONS_MAIL_FROM", "mall@mall.test"}});
  Story ann(world);
  ann.registers();
  EXPECT_THAT(mail_server.next_line("the welcome"), HasSubstr("Welcome to MallBots"));
  ASSERT_TRUE(ann.sees("SENT"));
  const auto invoice = world.service.new_id();
  ann.is_approved();
  EXPECT_THAT(mail_server.next_line("the approval"), HasSubstr("Your order is approved"));
  ann.is_approved();  // under another message id: not the inbox, but the notification itself is unique
  ann.is_ready(invoice);
  const auto ready = mail_server.next_line("the ready message");
  EXPECT_THAT(ready, HasSubstr("Your order is ready"));
  EXPECT_THAT(ready, HasSubstr(invoice + " over 1250 JPY"));
  EXPECT_THAT(ready, HasSubstr("mall@mall.test"));

  const auto first = ann.list("?pageSize=2");
  EXPECT_EQ(first.status, 200);
  EXPECT_LT(first.body.find("ORDER_READY"), first.body.find("ORDER_APPROVED"));
  EXPECT_THAT(first.body, Not(HasSubstr("WELCOME")));
  EXPECT_THAT(first.body, HasSubstr(ann.order()));
  const auto second = ann.list("?pageSize=2&pageToken=" + first.text("nextPageToken"));
  EXPECT_THAT(second.body, HasSubstr("WELCOME"));
  EXPECT_THAT(second.body, Not(HasSubstr("ORDER_")));
}

TEST(NotificationsService, ShowsEverythingWithoutAMailServerAndIsReadByItsOwnerOnly) {
  World world;
  Story ann(world);
  ann.registers();
  ASSERT_TRUE(ann.sees("NOT_SENT"));
  EXPECT_THAT(ann.list().body, Not(HasSubstr("readAt")));
  const auto id = ann.list().text("id");
  const auto path = "/api/v1/notifications/" + id + ":read";

  EXPECT_EQ(world.service.get("/api/v1/notifications", "").status, 401);
  const auto bob = world.service.keys.token(world.service.new_id(), {"shopper"});
  EXPECT_THAT(world.service.get("/api/v1/notifications", bob).body, Not(HasSubstr(id)));
  const auto refused = world.service.post(path, bob, "{}");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.text("code"), "not_your_notification");
  const auto missing = world.service.post("/api/v1/notifications/" + world.service.new_id() + ":read", bob, "{}");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.text("code"), "no_such_notification");
  EXPECT_EQ(world.service.post("/api/v1/notifications/7:read", bob, "{}").status, 400);

  const auto read = world.service.post(path, ann.token(), "{}");
  EXPECT_EQ(read.status, 200);
  const auto again = world.service.post(path, ann.token(), "{}");
  EXPECT_FALSE(read.text("readAt").empty());
  EXPECT_EQ(again.text("readAt"), read.text("readAt"));
}

TEST(NotificationsService, KeepsAMailThroughARestartUntilTheAddressIsKnown) {
  pkg::mail::testing::SmtpServer mail_server;
  World world(Settings{{"NOTIFICATIONS_SMTP_URL", mail_server.url()}});
  Story ann(world);
  ann.is_approved();
  ASSERT_TRUE(ann.sees("QUEUED"));
  world.service.stop();
  world.service.start();
  EXPECT_THAT(ann.list().body, HasSubstr("QUEUED"));
  ann.registers();
  const auto mails = mail_server.next_line("a mail") + mail_server.next_line("another mail");
  EXPECT_THAT(mails, HasSubstr("Your order is approved"));
  EXPECT_THAT(mails, HasSubstr("Welcome to MallBots"));
}

}  // namespace
}  // namespace notifications::tests
