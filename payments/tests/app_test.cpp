// The use cases of payments on fakes: what is stored, told and asked, also when the gateway is away or the process ends in between.

#include "payments/internal/app/app.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "payments/tests/fakes.hpp"
#include "payments/tests/port_contracts.hpp"

namespace payments::tests {
namespace {

using namespace std::chrono_literals;
using domain::InvoiceStatus;
using domain::PaymentStatus;
using Account = FakeGateway::State;

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "a copy's handlers would refer into the original");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::PaymentStore& payments() { return payments_; }
  app::InvoiceStore& invoices() { return invoices_; }
  app::GatewayTasks& tasks() { return tasks_; }
  app::PaymentGateway& gateway() { return gateway_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryPayments payments_;
  MemoryInvoices invoices_;
  MemoryTasks tasks_;
  FakeGateway gateway_{2};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Payments : public ::testing::Test {
 protected:
  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  MemoryPayments payments;
  MemoryInvoices invoices;
  MemoryTasks tasks;
  FakeGateway gateway{2};
  RecordedNews news;
  app::Needs needs{transactor, payments, invoices, tasks, gateway, news, news, clock};
  app::Application app{needs, {.authorization_lifetime = 24h}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::PaymentId payment = id<domain::PaymentId>(31);
  const domain::InvoiceId invoice = id<domain::InvoiceId>(51);
  const domain::OrderId order = id<domain::OrderId>(11);
  const domain::UserId ann = id<domain::UserId>(1);
  const domain::UserId bob = id<domain::UserId>(2);
  const domain::Actor by_ann{ann};
  const domain::Actor by_operator{id<domain::UserId>(3), true};

  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

  auto authorize(const std::string& method = "sandbox:approve") { return app.authorize_payment(cause, {payment, ann, eur(500), method}); }
  auto confirm(std::int64_t total = 400) {
    return transactor.run_for(cause, [&](UnitOfWork& unit) { return app.confirm_payment(unit, {order, payment, ann, eur(total)}); });
  }
  auto release() {
    return transactor.run_for(cause, [&](UnitOfWork& unit) { return app.release_payment(unit, {order, payment}); });
  }
  auto raise(const app::Application& by, std::uint64_t number = 51) {
    return transactor.run(
        cause, [&](UnitOfWork& unit) { return by.raise_invoice(unit, {id<domain::InvoiceId>(number), order, ann, payment, eur(400)}); });
  }
  auto pay() { return app.pay_invoice(cause, {invoice, by_ann, {}}); }
  void invoice_is_raised(const std::string& method = "sandbox:approve") {
    ASSERT_TRUE(authorize(method));
    ASSERT_TRUE(confirm());
    ASSERT_TRUE(raise(app));
  }
  int work() {
    const auto round = app.work_for_gateway(10, one_by_one);
    EXPECT_TRUE(round) << round.error().code;
    return round ? round->begun : -1;
  }
  static void one_by_one(std::size_t count, const std::function<void(std::size_t)>& each) {
    for (std::size_t i = 0; i < count; ++i) each(i);
  }
  PaymentStatus payment_status() { return app.get_payment(cause, {payment, by_operator})->status; }
  InvoiceStatus invoice_status() { return app.get_invoice(cause, {invoice, by_operator})->status; }
};

TEST_F(Payments, AnAuthorizationIsStoredToldAndLeavesNothingToDo) {
  const auto done = authorize();
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(done->version, 1u);
  EXPECT_EQ(done->expires_at, clock.now() + 24h);
  ASSERT_EQ(news.payments.size(), 1u);
  EXPECT_EQ(news.payments[0].event, domain::PaymentEvent(domain::PaymentAuthorized{ann, eur(500)}));
  EXPECT_TRUE(tasks.tasks().empty());
}

TEST_F(Payments, TheGatewayIsNotAskedForTheSakeOfARejection) {
  EXPECT_EQ(app.authorize_payment(cause, {payment, ann, eur(0), "sandbox:approve"}).error().code, "amount_not_positive");
  EXPECT_EQ(gateway.asked, 0);
}

TEST_F(Payments, TheGatewaysRefusalIsARejection) {
  EXPECT_EQ(authorize("sandbox:decline").error().code, "payment_declined");
  EXPECT_EQ(app.authorize_payment(cause, {payment, ann, eur(5), "cash"}).error().code, "unknown_payment_method");
  EXPECT_EQ(app.get_payment(cause, {payment, by_ann}).error().code, "no_such_payment");
}

TEST_F(Payments, AGatewayThatIsAwayForAMomentIsAskedAgain) {
  EXPECT_TRUE(authorize("sandbox:flaky"));
  EXPECT_EQ(gateway.asked, 3);
}

TEST_F(Payments, MoneyThatWasHeldWithoutAnybodyKnowingIsGivenBack) {
  gateway.loses_answers = true;
  EXPECT_EQ(authorize().error().kind, pkg::errors::ErrorKind::unavailable);
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::held);
  gateway.loses_answers = false;
  EXPECT_EQ(work(), 0);
  clock.advance(15min);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::released);
  EXPECT_TRUE(tasks.tasks().empty());
}

TEST_F(Payments, AnAuthorizationThatTookSoLongThatTheMoneyWasGivenBackIsNone) {
  gateway.before_it_answers = [this] {
    clock.advance(15min);
    EXPECT_EQ(work(), 1);
  };
  const auto done = authorize();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "authorization_timed_out");
  EXPECT_EQ(done.error().kind, pkg::errors::ErrorKind::unavailable) << "the shopper tries again";
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::released);
  EXPECT_TRUE(news.payments.empty());
  EXPECT_EQ(app.get_payment(cause, {payment, by_operator}).error().code, "no_such_payment");
}

TEST_F(Payments, AConfirmationIsForOneOrderAndToldOnce) {
  ASSERT_TRUE(authorize());
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(confirm());
  EXPECT_EQ(news.payments.size(), 2u);
  EXPECT_EQ(news.payments.back().version, 2u);
  EXPECT_EQ(confirm(501).has_value(), true) << "it is confirmed already";
}

TEST_F(Payments, WhatIsRememberedIsDecidedOnAndNothingIsRefusedOnItAlone) {
  const auto stored = [&] { return transactor.run_for({}, [&](UnitOfWork& unit) { return payments.load(unit, payment); }).value(); };
  ASSERT_TRUE(authorize());
  payments.known = stored();
  ASSERT_TRUE(confirm());
  payments.known->status = PaymentStatus::released;  // as it never was
  EXPECT_EQ(confirm()->status, PaymentStatus::confirmed) << "there was nothing to do";
  payments.known = stored();
  payments.known->status = PaymentStatus::captured;
  EXPECT_EQ(release()->status, PaymentStatus::released) << "it would have been refused";
  payments.known = stored();
  payments.known->version = 1;
  payments.known->status = PaymentStatus::confirmed;
  EXPECT_EQ(release().error().kind, pkg::errors::ErrorKind::contended) << "what follows from it is checked at the commit";
}

TEST_F(Payments, AnEndedOrderReleasesItsPaymentOnceAndTheGatewayGivesItBack) {
  ASSERT_TRUE(authorize());
  ASSERT_TRUE(confirm());
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(release());
  EXPECT_EQ(news.payments.back().event, domain::PaymentEvent(domain::PaymentReleased{order}));
  EXPECT_EQ(news.payments.size(), 3u);
  gateway.is_away = true;
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::held);
  gateway.is_away = false;
  EXPECT_EQ(work(), 0) << "not before its time";
  clock.advance(1s);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::released);
  EXPECT_EQ(work(), 0);
}

TEST_F(Payments, AConfirmationThatComesAfterTheCancellationIsRefused) {
  ASSERT_TRUE(authorize());
  ASSERT_TRUE(release());
  EXPECT_EQ(payment_status(), PaymentStatus::authorized);
  EXPECT_EQ(confirm().error().code, "order_canceled");
}

TEST_F(Payments, UnusedAuthorizationsExpireAndTheOthersStay) {
  ASSERT_TRUE(authorize());
  const auto used = id<domain::PaymentId>(32);
  ASSERT_TRUE(app.authorize_payment(cause, {used, ann, eur(500), "sandbox:approve"}));
  ASSERT_TRUE(transactor.run_for(cause, [&](UnitOfWork& unit) { return app.confirm_payment(unit, {order, used, ann, eur(5)}); }));
  EXPECT_EQ(app.expire_payments(cause, 10), 0);
  clock.advance(24h);
  EXPECT_EQ(app.expire_payments(cause, 10), 1);
  EXPECT_EQ(payment_status(), PaymentStatus::released);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::released);
  EXPECT_EQ(gateway.accounts.at(used).state, Account::held);
}

TEST_F(Payments, AReadyOrderGetsOneInvoice) {
  invoice_is_raised();
  ASSERT_TRUE(raise(app, 52));
  EXPECT_EQ(news.invoices.size(), 1u);
  EXPECT_EQ(news.invoices[0].event, domain::InvoiceEvent(domain::InvoiceCreated{eur(400)}));
  EXPECT_EQ(app.list_invoices(cause, {by_ann, order, {}})->items.size(), 1u);
}

TEST_F(Payments, PayingTakesTheInvoicesAmountAndIsToldOnce) {
  invoice_is_raised();
  const auto paid = pay();
  ASSERT_TRUE(paid) << paid.error().detail;
  EXPECT_EQ(paid->status, InvoiceStatus::paid);
  EXPECT_EQ(payment_status(), PaymentStatus::captured);
  EXPECT_EQ(gateway.accounts.at(payment).taken, eur(400));
  EXPECT_EQ(news.payments.back().event, domain::PaymentEvent(domain::PaymentCaptured{order, eur(400)}));
  EXPECT_EQ(news.invoices.back().event, domain::InvoiceEvent(domain::InvoicePaid{eur(400)}));
  EXPECT_TRUE(tasks.tasks().empty());
  const auto told = news.invoices.size();
  EXPECT_EQ(pay()->status, InvoiceStatus::paid);
  EXPECT_EQ(news.invoices.size(), told);
  EXPECT_EQ(gateway.accounts.at(payment).captures, 1);
}

TEST_F(Payments, AnInvoiceIsPaidLaterWhereTheGatewayIsAway) {
  invoice_is_raised();
  gateway.is_away = true;
  EXPECT_EQ(pay().error().code, "gateway_unavailable");
  EXPECT_EQ(invoice_status(), InvoiceStatus::paying);
  EXPECT_EQ(app.adjust_invoice(cause, {invoice, eur(300), {}}).error().code, "invoice_payment_under_way");
  EXPECT_EQ(app.cancel_invoice(cause, {invoice, {}}).error().code, "invoice_payment_under_way");
  clock.advance(1s);
  EXPECT_EQ(work(), 1);
  gateway.is_away = false;
  clock.advance(1s);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(invoice_status(), InvoiceStatus::paid);
  EXPECT_EQ(work(), 0);
}

TEST_F(Payments, PayingAgainAsksTheGatewayAgainAtOnce) {
  invoice_is_raised();
  gateway.is_away = true;
  EXPECT_FALSE(pay());
  gateway.is_away = false;
  EXPECT_EQ(pay()->status, InvoiceStatus::paid);
  EXPECT_EQ(gateway.accounts.at(payment).captures, 1);
}

TEST_F(Payments, ACaptureWhoseAnswerIsLostIsNotDoneTwiceAndNotForgotten) {
  invoice_is_raised();
  gateway.loses_answers = true;  // as if the process had ended between the gateway's answer and its record
  EXPECT_FALSE(pay());
  EXPECT_EQ(gateway.accounts.at(payment).captures, 1);
  EXPECT_EQ(invoice_status(), InvoiceStatus::paying);
  gateway.loses_answers = false;
  clock.advance(1s);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(gateway.accounts.at(payment).captures, 1);
  EXPECT_EQ(invoice_status(), InvoiceStatus::paid);
}

TEST_F(Payments, ACaptureWhoseProcessEndedBeforeItAskedIsDoneByTheWorker) {
  invoice_is_raised();
  app::PaymentChanges payment_changes(payments, tasks, news, clock);
  app::InvoiceChanges invoice_changes(invoices, news);
  const app::PayInvoiceHandler only_begins(payment_changes, invoice_changes, tasks);
  ASSERT_TRUE(transactor.run_for(cause, [&](UnitOfWork& unit) { return only_begins(unit, {invoice, by_ann, {}}); }));
  EXPECT_EQ(work(), 0) << "whoever began it has it for a while";
  clock.advance(app::task_lease);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(invoice_status(), InvoiceStatus::paid);
}

TEST_F(Payments, ARefusedCaptureLeavesTheInvoicePendingAndCanBeTriedAgain) {
  invoice_is_raised("sandbox:capture-fails");
  for (int i = 0; i < 2; ++i) {
    const auto refused = pay();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "capture_failed");
    EXPECT_EQ(refused.error().kind, pkg::errors::ErrorKind::rejected);
    EXPECT_EQ(invoice_status(), InvoiceStatus::pending);
    EXPECT_EQ(payment_status(), PaymentStatus::confirmed);
    EXPECT_TRUE(tasks.tasks().empty());
  }
  EXPECT_TRUE(app.cancel_invoice(cause, {invoice, {}}));
}

TEST_F(Payments, ALateAnswerToAnEarlierCaptureChangesNothing) {
  invoice_is_raised("sandbox:capture-fails");
  gateway.is_away = true;
  EXPECT_FALSE(pay());
  const auto earlier = tasks.tasks().begin()->second;
  gateway.is_away = false;
  EXPECT_EQ(pay().error().code, "capture_failed");
  gateway.is_away = true;
  EXPECT_EQ(pay().error().code, "gateway_unavailable");
  gateway.is_away = false;
  app::PaymentChanges payment_changes(payments, tasks, news, clock);
  app::InvoiceChanges invoice_changes(invoices, news);
  const app::GatewayWork slow(transactor, tasks, gateway, payment_changes, invoice_changes);
  EXPECT_FALSE(slow.perform(cause, earlier));
  EXPECT_EQ(invoice_status(), InvoiceStatus::paying) << "the second capture is still under way";
}

TEST_F(Payments, WithAutoCaptureAnInvoiceIsPaidByTheWorker) {
  const app::Application automatic(needs, {.authorization_lifetime = 24h, .auto_capture = true});
  ASSERT_TRUE(authorize("sandbox:flaky"));
  ASSERT_TRUE(confirm());
  ASSERT_TRUE(raise(automatic));
  EXPECT_EQ(invoice_status(), InvoiceStatus::paying);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(work(), 1);
    clock.advance(1s);
  }
  EXPECT_EQ(invoice_status(), InvoiceStatus::paid);
  ASSERT_TRUE(raise(automatic, 52));
  EXPECT_EQ(news.invoices.size(), 2u);
}

TEST_F(Payments, WithAutoCaptureAnInvoiceWhosePaymentIsGoneStaysPending) {
  const app::Application automatic(needs, {.authorization_lifetime = 24h, .auto_capture = true});
  ASSERT_TRUE(authorize());
  ASSERT_TRUE(raise(automatic));
  EXPECT_EQ(invoice_status(), InvoiceStatus::pending);
  EXPECT_EQ(pay().error().code, "payment_not_confirmed");
}

TEST_F(Payments, AnInvoiceIsPaidByItsShopperOrAnOperatorOnly) {
  invoice_is_raised();
  EXPECT_EQ(app.pay_invoice(cause, {invoice, {bob}, {}}).error().code, "not_your_invoice");
  EXPECT_EQ(app.pay_invoice(cause, {id<domain::InvoiceId>(99), by_ann, {}}).error().code, "no_such_invoice");
  EXPECT_TRUE(app.pay_invoice(cause, {invoice, by_operator, {}}));
}

TEST_F(Payments, AnAdjustedInvoiceIsPaidWithItsNewAmount) {
  invoice_is_raised();
  EXPECT_EQ(app.adjust_invoice(cause, {invoice, eur(501), {}}).error().code, "amount_above_authorization");
  EXPECT_EQ(app.adjust_invoice(cause, {invoice, eur(500), 7}).error().kind, pkg::errors::ErrorKind::stale);
  ASSERT_TRUE(app.adjust_invoice(cause, {invoice, eur(500), 1}));
  EXPECT_EQ(app.pay_invoice(cause, {invoice, by_ann, 1}).error().kind, pkg::errors::ErrorKind::stale);
  ASSERT_TRUE(pay());
  EXPECT_EQ(gateway.accounts.at(payment).taken, eur(500));
  EXPECT_EQ(app.adjust_invoice(cause, {invoice, eur(300), {}}).error().code, "invoice_not_pending");
}

TEST_F(Payments, ACanceledInvoiceGivesTheMoneyBackOnce) {
  invoice_is_raised();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(app.cancel_invoice(cause, {invoice, {}}));
  EXPECT_EQ(news.invoices.size(), 2u);
  EXPECT_EQ(payment_status(), PaymentStatus::released);
  EXPECT_EQ(work(), 1);
  EXPECT_EQ(gateway.accounts.at(payment).state, Account::released);
  EXPECT_EQ(pay().error().code, "invoice_not_pending");
}

TEST_F(Payments, AReleaseWaitsWhileTheGatewayIsAskedToCapture) {
  invoice_is_raised();
  gateway.is_away = true;
  EXPECT_FALSE(pay());
  EXPECT_TRUE(pkg::errors::is_retryable(release().error().kind));
  gateway.is_away = false;
  ASSERT_TRUE(pay());
  EXPECT_EQ(release().error().code, "payment_captured");
}

TEST_F(Payments, ShoppersSeeTheirOwnAndOperatorsEverything) {
  invoice_is_raised();
  EXPECT_EQ(app.get_payment(cause, {payment, {bob}}).error().code, "not_your_payment");
  EXPECT_EQ(app.get_invoice(cause, {invoice, {bob}}).error().code, "not_your_invoice");
  EXPECT_TRUE(app.list_invoices(cause, {{bob}, {}, {}})->items.empty());
  EXPECT_EQ(app.list_invoices(cause, {by_ann, {}, {}})->items.size(), 1u);
  EXPECT_EQ(app.list_invoices(cause, {by_operator, {}, {}})->items.size(), 1u);
}

TEST(GatewayWait, DoublesUpToAMinute) {
  EXPECT_EQ(app::wait_after(0), 200ms);
  EXPECT_EQ(app::wait_after(1), 200ms);
  EXPECT_EQ(app::wait_after(3), 800ms);
  EXPECT_EQ(app::wait_after(1000), 1min);
}

}  // namespace
}  // namespace payments::tests
