// The service from outside: HTTP in, messages in and out.

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "payments/tests/running_payments.hpp"
#include "pkg/money/moneypb/money.pb.h"
#include "pkg/saga/headers.hpp"
#include "pkg/testing/wait.hpp"

namespace payments::tests {
namespace {

namespace pb = mallbots::payments::v1;

/// Tells of a life of one order against a running service.
class Story {
 public:
  explicit Story(RunningPayments& service) : service_(service), ann_(service.new_id()), order_(service.new_id().to_string()) {}

  std::string ann() const { return service_.token_of(ann_); }
  std::string an_operator() const { return service_.token_of(service_.new_id(), {"shopper", "operator"}); }
  RawAnswer authorize(const std::string& method, int cents = 500) {
    auto answer =
        service_.post("/api/v1/payments", ann(),
                      R"({"amount":{"currency":"EUR","minorUnits":")" + std::to_string(cents) + R"("},"method":")" + method + "\"}");
    payment_ = text_of(answer.body, "id");
    return answer;
  }
  void confirm(int total = 400) {
    pb::ConfirmPayment command;
    command.set_order_id(order_);
    command.set_payment_id(payment_);
    command.set_user_id(ann_.to_string());
    set(*command.mutable_total(), total);
    service_.publish("mallbots.payments.commands", order_, command);
  }
  void ready(int total = 400) {
    mallbots::ordering::v1::OrderReadied event;
    event.set_order_id(order_);
    event.set_payment_id(payment_);
    event.set_user_id(ann_.to_string());
    set(*event.mutable_total(), total);
    service_.publish("mallbots.ordering.events.Order", order_, event);
  }
  void cancel() {
    mallbots::ordering::v1::OrderCanceled event;
    event.set_order_id(order_);
    event.set_payment_id(payment_);
    event.set_user_id(ann_.to_string());
    service_.publish("mallbots.ordering.events.Order", order_, event);
  }
  /// An invoice is there for ann.
  void invoiced(const std::string& method) {
    ASSERT_EQ(authorize(method).status, 201);
    confirm();
    ASSERT_TRUE(service_.await("PaymentConfirmed"));
    ready();
    ASSERT_TRUE(service_.await("InvoiceCreated"));
    invoice_ = text_of(service_.get("/api/v1/invoices?orderId=" + order_, ann()).body, "id");
  }
  RawAnswer pay() { return service_.post("/api/v1/invoices/" + invoice_ + ":pay", ann(), "{}"); }
  std::string payment_status() { return text_of(service_.get("/api/v1/payments/" + payment_, ann()).body, "status"); }
  std::string invoice_status() { return text_of(service_.get("/api/v1/invoices/" + invoice_, ann()).body, "status"); }
  /// What the gateway's own books say of this payment.
  std::string ledger() {
    return service_.database().sql(
        "SELECT string_agg(operation || ' ' || outcome, ', ' ORDER BY operation) FROM sandbox_ledger WHERE payment_id = '" + payment_ +
        "'");
  }
  const std::string& invoice() const { return invoice_; }
  const std::string& payment() const { return payment_; }

 private:
  static void set(mallbots::money::v1::Money& money, int cents) {
    money.set_currency("EUR");
    money.set_minor_units(cents);
  }
  RunningPayments& service_;
  pkg::ids::Uuid ann_;
  std::string order_;
  std::string payment_;
  std::string invoice_;
};

TEST(PaymentsService, TakesAnOrderFromItsAuthorizationToItsPaidInvoice) {
  RunningPayments service;
  Story story(service);
  story.invoiced("sandbox:approve");
  EXPECT_EQ(story.payment_status(), "CONFIRMED");
  EXPECT_EQ(story.invoice_status(), "PENDING");
  const auto paid = story.pay();
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_EQ(text_of(paid.body, "status"), "PAID");
  EXPECT_EQ(story.payment_status(), "CAPTURED");
  EXPECT_TRUE(service.await("InvoicePaid"));
  EXPECT_TRUE(service.await("PaymentCaptured"));
  EXPECT_EQ(story.pay().status, 200) << "paying a paid invoice does nothing";
  EXPECT_EQ(story.ledger(), "authorize done, capture done");
  const auto reply = service.sent("Reply");
  ASSERT_EQ(reply.size(), 1u);
  EXPECT_EQ(reply[0].headers.at(std::string(pkg::saga::header::outcome)), "success");
  EXPECT_EQ(service.database().sql("SELECT count(*) FROM gateway_tasks"), "0");
}

TEST(PaymentsService, AnswersWhatCallersDoWrongWithAProblemAndItsCode) {
  RunningPayments service;
  Story story(service);
  const auto expect = [](const RawAnswer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(text_of(answer.body, "code"), code) << answer.body;
  };
  expect(story.authorize("sandbox:decline"), 422, "payment_declined");
  expect(story.authorize("cash"), 422, "unknown_payment_method");
  expect(story.authorize("sandbox:approve", 0), 422, "amount_not_positive");
  EXPECT_EQ(service.post("/api/v1/payments", "", "{}").status, 401);
  story.invoiced("sandbox:capture-fails");
  expect(story.pay(), 422, "capture_failed");
  EXPECT_EQ(story.invoice_status(), "PENDING");
  const auto bob = service.token_of(service.new_id());
  expect(service.get("/api/v1/payments/" + story.payment(), bob), 403, "not_your_payment");
  expect(service.post("/api/v1/invoices/" + story.invoice() + ":pay", bob, "{}"), 403, "not_your_invoice");
  expect(service.post("/api/v1/invoices/" + story.invoice() + ":cancel", story.ann(), "{}"), 403, "role_missing");
  expect(service.post("/api/v1/invoices/" + story.invoice() + ":adjust", story.an_operator(),
                      R"({"amount":{"currency":"EUR","minorUnits":"501"}})"),
         422, "amount_above_authorization");
  EXPECT_EQ(service.post("/api/v1/invoices/" + story.invoice() + ":cancel", story.an_operator(), "{}").status, 200);
  EXPECT_TRUE(service.await("PaymentReleased"));
}

TEST(PaymentsService, PaysLaterWhereTheGatewayIsAwayForAMoment) {
  RunningPayments service;
  Story story(service);
  story.invoiced("sandbox:flaky");
  const auto away = story.pay();
  EXPECT_EQ(away.status, 503) << away.body;
  EXPECT_EQ(text_of(away.body, "code"), "gateway_unavailable");
  EXPECT_TRUE(service.await("InvoicePaid"));
  EXPECT_EQ(story.invoice_status(), "PAID");
  EXPECT_EQ(story.ledger(), "authorize done, capture done");
}

TEST(PaymentsService, GivesTheMoneyOfACanceledOrderBack) {
  RunningPayments service;
  Story story(service);
  ASSERT_EQ(story.authorize("sandbox:approve").status, 201);
  story.confirm();
  ASSERT_TRUE(service.await("PaymentConfirmed"));
  story.cancel();
  ASSERT_TRUE(service.await("PaymentReleased"));
  EXPECT_EQ(story.payment_status(), "RELEASED");
  pkg::testing::wait_until([&] { return story.ledger() == "authorize done, release done"; }, "the gateway has given the money back");
  story.confirm();
  ASSERT_TRUE(service.await("Reply", 2));
  EXPECT_EQ(service.sent("Reply").back().headers.at(std::string(pkg::saga::header::outcome)), "failure");
}

TEST(PaymentsService, FinishesAfterARestartWhatItHadBegun) {
  RunningPayments service;
  Story story(service);
  story.invoiced("sandbox:flaky");
  service.stop();
  service.set("PAYMENTS_SANDBOX_FLAKY_FAILURES", "4");
  service.start();
  ASSERT_EQ(story.pay().status, 503);
  service.stop();
  EXPECT_EQ(service.database().sql("SELECT status FROM invoices"), "paying");
  service.start();
  EXPECT_TRUE(service.await("InvoicePaid"));
  EXPECT_EQ(story.payment_status(), "CAPTURED");
  EXPECT_EQ(story.ledger(), "authorize done, capture done");
  EXPECT_EQ(service.sent("PaymentCaptured").size(), 1u);
}

TEST(PaymentsService, PaysByItselfWithAutoCapture) {
  RunningPayments service(RunningPayments::Settings{{"PAYMENTS_AUTO_CAPTURE", "true"}});
  Story story(service);
  ASSERT_EQ(story.authorize("sandbox:flaky").status, 201);
  story.confirm();
  ASSERT_TRUE(service.await("PaymentConfirmed"));
  story.ready();
  EXPECT_TRUE(service.await("InvoicePaid"));
  EXPECT_EQ(story.payment_status(), "CAPTURED");
}

TEST(PaymentsService, ReleasesAuthorizationsThatNobodyUses) {
  RunningPayments service(RunningPayments::Settings{{"PAYMENTS_AUTHORIZATION_LIFETIME", "1s"}, {"PAYMENTS_EXPIRY_INTERVAL", "100ms"}});
  Story story(service);
  ASSERT_EQ(story.authorize("sandbox:approve").status, 201);
  EXPECT_TRUE(service.await("PaymentReleased"));
  pkg::testing::wait_until([&] { return story.ledger() == "authorize done, release done"; }, "the gateway has given the money back");
}

}  // namespace
}  // namespace payments::tests
