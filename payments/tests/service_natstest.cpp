// The service from outside: HTTP in, messages in and out.

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "payments/internal/agent/agent.hpp"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/money/moneypb/money.pb.h"
#include "pkg/testing/wait.hpp"

namespace payments::tests {
namespace {

namespace pb = mallbots::payments::v1;

using pkg::agent::testing::HttpAnswer;
using Settings = pkg::agent::testing::RunningService::Settings;

const std::string replies = "mallbots.cosec.replies.CreateOrder";

/// The service, and the others around it.
struct World {
  explicit World(Settings settings = {}) : service(agent::blueprint(), std::move(settings)) {}
  /// The token of somebody else each time.
  std::string somebody(std::vector<std::string> roles = {"shopper"}) { return service.keys.token(service.new_id(), std::move(roles)); }

  pkg::agent::testing::RunningService service;
  pkg::agent::testing::Neighbour mall{service.nats.url(),
                                      {"mallbots.payments.events.Payment", "mallbots.payments.events.Invoice", replies}};
};

/// Tells of a life of one order against a running service.
class Story {
 public:
  explicit Story(World& world) : world_(world), ann_(world.service.new_id()), order_(world.service.new_id()) {}

  std::string ann() const { return world_.service.keys.token(ann_, {"shopper"}); }
  std::string an_operator() const { return world_.somebody({"shopper", "operator"}); }
  HttpAnswer authorize(const std::string& method, int cents = 500) {
    auto answer =
        world_.service.post("/api/v1/payments", ann(),
                            R"({"amount":{"currency":"EUR","minorUnits":")" + std::to_string(cents) + R"("},"method":")" + method + "\"}");
    payment_ = answer.text("id");
    return answer;
  }
  void confirm(int total = 400) {
    pb::ConfirmPayment command;
    command.set_order_id(order_);
    command.set_payment_id(payment_);
    command.set_user_id(ann_);
    set(*command.mutable_total(), total);
    world_.mall.send(world_.mall.command("mallbots.payments.commands", order_, replies, command));
  }
  void ready(int total = 400) {
    mallbots::ordering::v1::OrderReadied event;
    event.set_order_id(order_);
    event.set_payment_id(payment_);
    event.set_user_id(ann_);
    set(*event.mutable_total(), total);
    world_.mall.send(world_.mall.event("mallbots.ordering.events.Order", order_, 1, event));
  }
  void cancel() {
    mallbots::ordering::v1::OrderCanceled event;
    event.set_order_id(order_);
    event.set_payment_id(payment_);
    event.set_user_id(ann_);
    world_.mall.send(world_.mall.event("mallbots.ordering.events.Order", order_, 1, event));
  }
  /// An invoice is there for ann.
  void invoiced(const std::string& method) {
    ASSERT_EQ(authorize(method).status, 201);
    confirm();
    ASSERT_TRUE(world_.mall.await("PaymentConfirmed"));
    ready();
    ASSERT_TRUE(world_.mall.await("InvoiceCreated"));
    invoice_ = world_.service.get("/api/v1/invoices?orderId=" + order_, ann()).text("id");
  }
  HttpAnswer pay() { return world_.service.post("/api/v1/invoices/" + invoice_ + ":pay", ann(), "{}"); }
  std::string payment_status() { return world_.service.get("/api/v1/payments/" + payment_, ann()).text("status"); }
  std::string invoice_status() { return world_.service.get("/api/v1/invoices/" + invoice_, ann()).text("status"); }
  /// What the gateway's own books say of this payment.
  std::string ledger() {
    return world_.service.database.sql(
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
  World& world_;
  std::string ann_;
  std::string order_;
  std::string payment_;
  std::string invoice_;
};

TEST(PaymentsService, TakesAnOrderFromItsAuthorizationToItsPaidInvoice) {
  World world;
  Story story(world);
  story.invoiced("sandbox:approve");
  EXPECT_EQ(story.payment_status(), "CONFIRMED");
  EXPECT_EQ(story.invoice_status(), "PENDING");
  const auto paid = story.pay();
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_EQ(paid.text("status"), "PAID");
  EXPECT_EQ(story.payment_status(), "CAPTURED");
  EXPECT_TRUE(world.mall.await("InvoicePaid"));
  EXPECT_TRUE(world.mall.await("PaymentCaptured"));
  EXPECT_EQ(story.pay().status, 200) << "paying a paid invoice does nothing";
  EXPECT_EQ(story.ledger(), "authorize done, capture done");
  const auto reply = world.mall.heard("Reply");
  ASSERT_EQ(reply.size(), 1u);
  EXPECT_EQ(reply[0].headers.at("saga-outcome"), "success");
  EXPECT_EQ(world.service.database.sql("SELECT count(*) FROM gateway_tasks"), "0");
}

TEST(PaymentsService, AnswersWhatCallersDoWrongWithAProblemAndItsCode) {
  World world;
  Story story(world);
  const auto expect = [](const HttpAnswer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.text("code"), code) << answer.body;
  };
  expect(story.authorize("sandbox:decline"), 422, "payment_declined");
  expect(story.authorize("cash"), 422, "unknown_payment_method");
  expect(story.authorize("sandbox:approve", 0), 422, "amount_not_positive");
  EXPECT_EQ(world.service.post("/api/v1/payments", "", "{}").status, 401);
  story.invoiced("sandbox:capture-fails");
  expect(story.pay(), 422, "capture_failed");
  EXPECT_EQ(story.invoice_status(), "PENDING");
  const auto bob = world.somebody();
  expect(world.service.get("/api/v1/payments/" + story.payment(), bob), 403, "not_your_payment");
  expect(world.service.post("/api/v1/invoices/" + story.invoice() + ":pay", bob, "{}"), 403, "not_your_invoice");
  expect(world.service.post("/api/v1/invoices/" + story.invoice() + ":cancel", story.ann(), "{}"), 403, "role_missing");
  expect(world.service.post("/api/v1/invoices/" + story.invoice() + ":adjust", story.an_operator(),
                            R"({"amount":{"currency":"EUR","minorUnits":"501"}})"),
         422, "amount_above_authorization");
  EXPECT_EQ(world.service.post("/api/v1/invoices/" + story.invoice() + ":cancel", story.an_operator(), "{}").status, 200);
  EXPECT_TRUE(world.mall.await("PaymentReleased"));
}

TEST(PaymentsService, PaysLaterWhereTheGatewayIsAwayForAMoment) {
  World world;
  Story story(world);
  story.invoiced("sandbox:flaky");
  const auto away = story.pay();
  EXPECT_EQ(away.status, 503) << away.body;
  EXPECT_EQ(away.text("code"), "gateway_unavailable");
  EXPECT_TRUE(world.mall.await("InvoicePaid"));
  EXPECT_EQ(story.invoice_status(), "PAID");
  EXPECT_EQ(story.ledger(), "authorize done, capture done");
}

TEST(PaymentsService, GivesTheMoneyOfACanceledOrderBack) {
  World world;
  Story story(world);
  ASSERT_EQ(story.authorize("sandbox:approve").status, 201);
  story.confirm();
  ASSERT_TRUE(world.mall.await("PaymentConfirmed"));
  story.cancel();
  ASSERT_TRUE(world.mall.await("PaymentReleased"));
  EXPECT_EQ(story.payment_status(), "RELEASED");
  pkg::testing::wait_until([&] { return story.ledger() == "authorize done, release done"; }, "the gateway has given the money back");
  story.confirm();
  ASSERT_TRUE(world.mall.await("Reply", 2));
  EXPECT_EQ(world.mall.heard("Reply").back().headers.at("saga-outcome"), "failure");
}

TEST(PaymentsService, FinishesAfterARestartWhatItHadBegun) {
  World world;
  Story story(world);
  story.invoiced("sandbox:flaky");
  world.service.stop();
  world.service.set("PAYMENTS_SANDBOX_FLAKY_FAILURES", "4");
  world.service.start();
  ASSERT_EQ(story.pay().status, 503);
  world.service.stop();
  EXPECT_EQ(world.service.database.sql("SELECT status FROM invoices"), "paying");
  world.service.start();
  EXPECT_TRUE(world.mall.await("InvoicePaid"));
  EXPECT_EQ(story.payment_status(), "CAPTURED");
  EXPECT_EQ(story.ledger(), "authorize done, capture done");
  EXPECT_EQ(world.mall.heard("PaymentCaptured").size(), 1u);
}

TEST(PaymentsService, PaysByItselfWithAutoCapture) {
  World world(Settings{{"PAYMENTS_AUTO_CAPTURE", "true"}});
  Story story(world);
  ASSERT_EQ(story.authorize("sandbox:flaky").status, 201);
  story.confirm();
  ASSERT_TRUE(world.mall.await("PaymentConfirmed"));
  story.ready();
  EXPECT_TRUE(world.mall.await("InvoicePaid"));
  EXPECT_EQ(story.payment_status(), "CAPTURED");
}

TEST(PaymentsService, ReleasesAuthorizationsThatNobodyUses) {
  World world(Settings{{"PAYMENTS_AUTHORIZATION_LIFETIME", "1s"}, {"PAYMENTS_EXPIRY_INTERVAL", "100ms"}});
  Story story(world);
  ASSERT_EQ(story.authorize("sandbox:approve").status, 201);
  EXPECT_TRUE(world.mall.await("PaymentReleased"));
  pkg::testing::wait_until([&] { return story.ledger() == "authorize done, release done"; }, "the gateway has given the money back");
}

}  // namespace
}  // namespace payments::tests
