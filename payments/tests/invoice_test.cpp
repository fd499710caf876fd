// The rules of an invoice: given how it stands, when somebody does something, then this follows or is refused.

#include "payments/internal/domain/invoice.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/ids/id_sources.hpp"

namespace payments::domain {
namespace {

using pkg::money::Money;
using R = InvoiceRejection;
using S = InvoiceStatus;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }
Money usd(std::int64_t cents) { return {*pkg::money::Currency::parse("USD"), cents}; }

const auto ann = id<UserId>(1);
const auto bob = id<UserId>(2);
const Claim claim{id<InvoiceId>(51), id<OrderId>(11), ann, id<PaymentId>(31), eur(400), t0};
const auto held = eur(500);

template <class Decision>
InvoiceChange accepted(const Decision& decision) {
  if (decision) return *decision;
  ADD_FAILURE() << "rejected: " << decision.error().detail;
  return {};
}

template <class Decision>
void expect_rejected(const Decision& decision, R reason) {
  ASSERT_FALSE(decision) << "accepted; expected rejection " << static_cast<int>(reason);
  EXPECT_EQ(static_cast<int>(decision.error().reason), static_cast<int>(reason)) << decision.error().detail;
  EXPECT_FALSE(decision.error().detail.empty()) << "a rejection tells people why";
}

void expect_nothing(const InvoiceChange& change, const Invoice& before) {
  EXPECT_EQ(change.state, before);
  EXPECT_TRUE(change.events.empty());
}

const Invoice none{};
const Invoice pending = accepted(create(claim)).state;
const Invoice paying = accepted(start_payment(pending)).state;
const Invoice paid = payment_done(paying).state;
const Invoice canceled = accepted(cancel(pending)).state;

TEST(CreateInvoice, AsksForTheTotalOfTheOrder) {
  const auto change = accepted(create(claim));
  EXPECT_EQ(change.state.status, S::pending);
  EXPECT_EQ(change.state.amount, eur(400));
  EXPECT_EQ(change.state.created_at, t0);
  EXPECT_EQ(change.events, (std::vector<InvoiceEvent>{InvoiceCreated{eur(400)}}));
}

TEST(CreateInvoice, IsForMoreThanZero) {
  auto free = claim;
  free.amount = eur(0);
  expect_rejected(create(free), R::amount_not_positive);
}

TEST(PayInvoice, IsWrittenDownBeforeTheGatewayIsAsked) {
  const auto change = accepted(start_payment(pending));
  EXPECT_EQ(change.state.status, S::paying);
  EXPECT_TRUE(change.events.empty());
}

TEST(PayInvoice, DoesNothingTheSecondTime) {
  for (const auto& given : {paying, paid}) expect_nothing(accepted(start_payment(given)), given);
}

TEST(PayInvoice, IsRefusedWhereThereIsNothingToPay) {
  expect_rejected(start_payment(none), R::no_such_invoice);
  expect_rejected(start_payment(canceled), R::invoice_not_pending);
}

TEST(PayInvoice, EndsWhenTheMoneyIsTakenOnce) {
  const auto change = payment_done(paying);
  EXPECT_EQ(change.state.status, S::paid);
  EXPECT_EQ(change.events, (std::vector<InvoiceEvent>{InvoicePaid{eur(400)}}));
  for (const auto& given : {none, pending, paid, canceled}) expect_nothing(payment_done(given), given);
}

TEST(PayInvoice, LeavesTheInvoicePendingWhenTheGatewayRefuses) {
  const auto change = payment_refused(paying);
  EXPECT_EQ(change.state, pending);
  EXPECT_TRUE(change.events.empty());
  for (const auto& given : {none, pending, paid, canceled}) expect_nothing(payment_refused(given), given);
  EXPECT_EQ(to_error(capture_failed()).kind, pkg::errors::ErrorKind::rejected);
}

TEST(AdjustInvoice, AsksForAnotherAmount) {
  const auto change = accepted(adjust(pending, held, held));
  EXPECT_EQ(change.state.amount, held);
  EXPECT_EQ(change.events, (std::vector<InvoiceEvent>{InvoiceAdjusted{held}}));
  expect_nothing(accepted(adjust(pending, eur(400), held)), pending);
}

TEST(AdjustInvoice, IsRefusedOnceItIsNotPending) {
  expect_rejected(adjust(none, eur(1), held), R::no_such_invoice);
  expect_rejected(adjust(paying, eur(1), held), R::invoice_payment_under_way);
  expect_rejected(adjust(paid, eur(-5), held), R::invoice_not_pending);
  expect_rejected(adjust(canceled, eur(1), held), R::invoice_not_pending);
}

TEST(AdjustInvoice, StaysWithinWhatIsHeld) {
  expect_rejected(adjust(pending, eur(0), held), R::amount_not_positive);
  expect_rejected(adjust(pending, eur(-5), held), R::amount_not_positive);
  expect_rejected(adjust(pending, usd(1), held), R::invoice_currency_mismatch);
  expect_rejected(adjust(pending, usd(1), usd(500)), R::invoice_currency_mismatch);
  expect_rejected(adjust(pending, eur(501), held), R::amount_above_authorization);
}

TEST(CancelInvoice, EndsAPendingInvoiceOnce) {
  const auto change = accepted(cancel(pending));
  EXPECT_EQ(change.state.status, S::canceled);
  EXPECT_EQ(change.events, (std::vector<InvoiceEvent>{InvoiceCanceled{}}));
  expect_nothing(accepted(cancel(canceled)), canceled);
}

TEST(CancelInvoice, IsRefusedOnceTheMoneyIsTakenOrAskedFor) {
  expect_rejected(cancel(none), R::no_such_invoice);
  expect_rejected(cancel(paying), R::invoice_payment_under_way);
  expect_rejected(cancel(paid), R::invoice_not_pending);
}

TEST(SeeInvoice, IsForTheShopperAndOperators) {
  EXPECT_TRUE(may_see(pending, {ann}));
  EXPECT_TRUE(may_see(pending, {bob, true}));
  expect_rejected(may_see(pending, {bob}), R::not_your_invoice);
  expect_rejected(may_see(none, {ann, true}), R::no_such_invoice);
}

TEST(InvoiceRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::capture_failed); ++reason) {
    EXPECT_TRUE(codes.insert(to_error({static_cast<R>(reason), "Why."}).code).second);
  }
}

}  // namespace
}  // namespace payments::domain
