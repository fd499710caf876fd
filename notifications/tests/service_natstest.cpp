// The service from outside: HTTP and messages in, mails out.

#include <gmock/gmock.h>

#include "notifications/tests/running_notifications.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/mail/smtp_server_for_tests.hpp"
#include "pkg/testing/wait.hpp"
#include "users/userspb/messages.pb.h"

namespace notifications::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

/// One shopper and one order against a running service.
class Story {
 public:
  explicit Story(RunningNotifications& service) : service_(service), ann_(service.new_id()), order_(service.new_id().to_string()) {}

  void registers(const std::string& email = "ann@people.test") {
    mallbots::users::v1::UserRegistered event;
    event.set_user_id(ann_.to_string());
    event.set_username("ann");
    event.set_email(email);
    service_.publish("mallbots.users.events.User", ann_.to_string(), event);
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
  RawAnswer list(const std::string& query = "") { return service_.get("/api/v1/notifications" + query, token()); }
  bool sees(const std::string& text) {
    return pkg::testing::wait_until([&] { return list().body.find(text) != std::string::npos; }, "a list of notifications with " + text);
  }
  std::string token() const { return service_.token_of(ann_); }
  const std::string& order() const { return order_; }

 private:
  template <class Event, class Fill>
  void publish(const std::string& channel, Fill fill) {
    Event event;
    event.set_order_id(order_);
    event.set_user_id(ann_.to_string());
    fill(event);
    service_.publish(channel, order_, event);
  }

  RunningNotifications& service_;
  pkg::ids::Uuid ann_;
  std::string order_;
};

TEST(NotificationsService, MailsWhatHappensOnceAndShowsItNewestFirst) {
  pkg::mail::testing::SmtpServer mail_server;
  RunningNotifications service(
      RunningNotifications::Settings{{"NOTIFICATIONS_SMTP_URL", mail_server.url()}, {"NOTIFICATIONS_MAIL_FROM", "mall@mall.test"}});
  Story ann(service);
  ann.registers();
  EXPECT_THAT(mail_server.next_line("the welcome"), HasSubstr("Welcome to MallBots"));
  ASSERT_TRUE(ann.sees("SENT"));
  const auto invoice = service.new_id().to_string();
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
  const auto second = ann.list("?pageSize=2&pageToken=" + text_of(first.body, "nextPageToken"));
  EXPECT_THAT(second.body, HasSubstr("WELCOME"));
  EXPECT_THAT(second.body, Not(HasSubstr("ORDER_")));
}

TEST(NotificationsService, ShowsEverythingWithoutAMailServerAndIsReadByItsOwnerOnly) {
  RunningNotifications service;
  Story ann(service);
  ann.registers();
  ASSERT_TRUE(ann.sees("NOT_SENT"));
  EXPECT_THAT(ann.list().body, Not(HasSubstr("readAt")));
  const auto id = text_of(ann.list().body, "id");
  const auto path = "/api/v1/notifications/" + id + ":read";

  EXPECT_EQ(service.get("/api/v1/notifications", "").status, 401);
  const auto bob = service.token_of(service.new_id());
  EXPECT_THAT(service.get("/api/v1/notifications", bob).body, Not(HasSubstr(id)));
  const auto refused = service.post(path, bob, "{}");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(text_of(refused.body, "code"), "not_your_notification");
  const auto missing = service.post("/api/v1/notifications/" + service.new_id().to_string() + ":read", bob, "{}");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(text_of(missing.body, "code"), "no_such_notification");
  EXPECT_EQ(service.post("/api/v1/notifications/7:read", bob, "{}").status, 400);

  const auto read = service.post(path, ann.token(), "{}");
  EXPECT_EQ(read.status, 200);
  const auto again = service.post(path, ann.token(), "{}");
  EXPECT_FALSE(text_of(read.body, "readAt").empty());
  EXPECT_EQ(text_of(again.body, "readAt"), text_of(read.body, "readAt"));
}

TEST(NotificationsService, KeepsAMailThroughARestartUntilTheAddressIsKnown) {
  pkg::mail::testing::SmtpServer mail_server;
  RunningNotifications service(RunningNotifications::Settings{{"NOTIFICATIONS_SMTP_URL", mail_server.url()}});
  Story ann(service);
  ann.is_approved();
  ASSERT_TRUE(ann.sees("QUEUED"));
  service.stop();
  service.start();
  EXPECT_THAT(ann.list().body, HasSubstr("QUEUED"));
  ann.registers();
  const auto mails = mail_server.next_line("a mail") + mail_server.next_line("another mail");
  EXPECT_THAT(mails, HasSubstr("Your order is approved"));
  EXPECT_THAT(mails, HasSubstr("Welcome to MallBots"));
}

}  // namespace
}  // namespace notifications::tests
