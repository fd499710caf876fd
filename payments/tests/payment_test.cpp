// The rules of a payment: given how it stands, when somebody does something, then this follows or is refused.

#include "payments/internal/domain/payment.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/ids/id_sources.hpp"

namespace payments::domain {
namespace {

using pkg::money::Money;
using R = PaymentRejection;
using S = PaymentStatus;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
constexpr auto lifetime = std::chrono::hours{24};

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }
Money usd(std::int64_t cents) { return {*pkg::money::Currency::parse("USD"), cents}; }

const auto ann = id<UserId>(1);
const auto bob = id<UserId>(2);
const auto order = id<OrderId>(11);
const auto other_order = id<OrderId>(12);

/// What must have been accepted.
template <class Decision>
PaymentChange accepted(const Decision& decision) {
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

void expect_nothing(const PaymentChange& change, const Payment& before) {
  EXPECT_EQ(change.state, before);
  EXPECT_TRUE(change.events.empty());
}

const Payment none{};
const Payment authorized = authorize({id<PaymentId>(31), ann, eur(500), "sandbox:approve", t0 + lifetime}).state;
const Payment confirmed = accepted(confirm(authorized, order, ann, eur(400))).state;
const Payment capturing = accepted(start_capture(confirmed, order, eur(400))).state;
const Payment captured = capture_done(capturing).state;
const Payment released = accepted(release(confirmed, order)).state;
const Payment expired = expire(authorized, t0 + lifetime).state;
const Payment closed_for_order = accepted(release(authorized, order)).state;

TEST(AuthorizePayment, HoldsTheMoneyForTheShopper) {
  const auto change = authorize({id<PaymentId>(31), ann, eur(500), "sandbox:approve", t0 + lifetime});
  EXPECT_EQ(change.state.status, S::authorized);
  EXPECT_EQ(change.state.amount, eur(500));
  EXPECT_EQ(change.events, (std::vector<PaymentEvent>{PaymentAuthorized{ann, eur(500)}}));
}

TEST(AuthorizePayment, IsForMoreThanZero) {
  EXPECT_TRUE(may_authorize(eur(1)));
  expect_rejected(may_authorize(eur(0)), R::amount_not_positive);
  expect_rejected(may_authorize(eur(-5)), R::amount_not_positive);
}

TEST(ConfirmPayment, TiesItToTheOrder) {
  const auto change = accepted(confirm(authorized, order, ann, eur(500)));
  EXPECT_EQ(change.state.status, S::confirmed);
  EXPECT_EQ(change.state.order, order);
  EXPECT_EQ(change.events, (std::vector<PaymentEvent>{PaymentConfirmed{order}}));
}

TEST(ConfirmPayment, DoesNothingTheSecondTimeForTheSameOrder) {
  for (const auto& given : {confirmed, capturing}) expect_nothing(accepted(confirm(given, order, ann, eur(400))), given);
}

TEST(ConfirmPayment, IsOnlyForItsOwner) {
  expect_rejected(confirm(none, order, ann, eur(1)), R::no_such_payment);
  expect_rejected(confirm(authorized, order, bob, eur(1)), R::not_your_payment);
}

TEST(ConfirmPayment, IsForExactlyOneOrder) {
  for (const auto& given : {confirmed, capturing, captured, released}) {
    expect_rejected(confirm(given, other_order, ann, eur(1)), R::payment_in_use);
  }
}

TEST(ConfirmPayment, NeedsMoneyThatIsStillHeld) {
  for (const auto& given : {captured, released, expired}) expect_rejected(confirm(given, order, ann, eur(1)), R::payment_not_authorized);
}

TEST(ConfirmPayment, NeedsTheTotalInItsCurrency) {
  expect_rejected(confirm(authorized, order, ann, usd(1)), R::payment_currency_mismatch);
  expect_rejected(confirm(authorized, order, ann, eur(501)), R::payment_too_small);
}

TEST(ConfirmPayment, IsRefusedForAnOrderThatEndedBefore) {
  expect_rejected(confirm(closed_for_order, order, ann, eur(1)), R::order_canceled);
  EXPECT_TRUE(confirm(closed_for_order, other_order, ann, eur(1))) << "the payment is free for another order";
}

TEST(ReleasePayment, GivesBackWhatWasConfirmedForTheOrder) {
  const auto change = accepted(release(confirmed, order));
  EXPECT_EQ(change.state.status, S::released);
  EXPECT_EQ(change.events, (std::vector<PaymentEvent>{PaymentReleased{order}}));
}

TEST(ReleasePayment, OfAnOrderThatItIsNotConfirmedForRemembersTheOrderOnly) {
  const auto change = accepted(release(authorized, order));
  EXPECT_EQ(change.state.status, S::authorized);
  EXPECT_EQ(change.state.closed_orders, std::vector{order});
  EXPECT_TRUE(change.events.empty());
  expect_nothing(accepted(release(change.state, order)), change.state);
}

TEST(ReleasePayment, LeavesThePaymentOfAnotherOrderAlone) {
  for (const auto& given : {confirmed, capturing, captured}) expect_nothing(accepted(release(given, other_order)), given);
}

TEST(ReleasePayment, DoesNothingTheSecondTimeAndWhereThereIsNone) {
  for (const auto& given : {none, released, expired}) expect_nothing(accepted(release(given, order)), given);
}

TEST(ReleasePayment, WaitsForTheGatewayAndIsRefusedOnceTheMoneyIsTaken) {
  expect_rejected(release(capturing, order), R::payment_capture_under_way);
  expect_rejected(release(captured, order), R::payment_captured);
}

TEST(ExpirePayment, GivesBackWhatNobodyUsedInItsTime) {
  expect_nothing(expire(authorized, t0 + lifetime - pkg::clock::Duration{1}), authorized);
  const auto change = expire(authorized, t0 + lifetime);
  EXPECT_EQ(change.state.status, S::released);
  EXPECT_EQ(change.events, (std::vector<PaymentEvent>{PaymentReleased{{}}}));
  for (const auto& given : {none, confirmed, capturing, captured, released}) expect_nothing(expire(given, t0 + 2 * lifetime), given);
}

TEST(CapturePayment, IsWrittenDownBeforeTheGatewayIsAsked) {
  const auto change = accepted(start_capture(confirmed, order, eur(300)));
  EXPECT_EQ(change.state.status, S::capturing);
  EXPECT_EQ(change.state.capture, eur(300));
  EXPECT_TRUE(change.events.empty());
}

TEST(CapturePayment, NeedsAPaymentThatIsConfirmedForTheOrder) {
  expect_rejected(start_capture(none, order, eur(1)), R::no_such_payment);
  for (const auto& given : {authorized, captured, released, expired})
    expect_rejected(start_capture(given, order, eur(1)), R::payment_not_confirmed);
  expect_rejected(start_capture(confirmed, other_order, eur(1)), R::payment_not_confirmed);
  expect_rejected(start_capture(capturing, order, eur(1)), R::payment_capture_under_way);
}

TEST(CapturePayment, TakesNoMoreThanIsHeld) {
  expect_rejected(start_capture(confirmed, order, eur(501)), R::payment_too_small);
  expect_rejected(start_capture(confirmed, order, usd(1)), R::payment_currency_mismatch);
}

TEST(CapturePayment, EndsWhenTheGatewayHasTakenTheMoneyOnce) {
  const auto change = capture_done(capturing);
  EXPECT_EQ(change.state.status, S::captured);
  EXPECT_EQ(change.events, (std::vector<PaymentEvent>{PaymentCaptured{order, eur(400)}}));
  for (const auto& given : {none, authorized, confirmed, captured, released}) expect_nothing(capture_done(given), given);
}

TEST(CapturePayment, LeavesThePaymentConfirmedWhenTheGatewayRefuses) {
  const auto change = capture_refused(capturing);
  EXPECT_EQ(change.state, confirmed);
  EXPECT_TRUE(change.events.empty());
  for (const auto& given : {none, authorized, confirmed, captured, released}) expect_nothing(capture_refused(given), given);
}

TEST(SeePayment, IsForItsOwnerAndOperators) {
  EXPECT_TRUE(may_see(authorized, {ann}));
  EXPECT_TRUE(may_see(authorized, {bob, true}));
  expect_rejected(may_see(authorized, {bob}), R::not_your_payment);
  expect_rejected(may_see(none, {ann, true}), R::no_such_payment);
}

TEST(PaymentRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::payment_captured); ++reason) {
    EXPECT_TRUE(codes.insert(to_error({static_cast<R>(reason), "Why."}).code).second);
  }
  EXPECT_TRUE(pkg::errors::is_retryable(to_error({R::payment_capture_under_way, "Why."}).kind));
}

}  // namespace
}  // namespace payments::domain
