#include "payments/internal/domain/payment.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace payments::domain {
namespace {

using pkg::money::Money;
using R = PaymentRejection;

std::unexpected<PaymentRejected> reject(PaymentRejection reason, std::string detail) {
  return std::unexpected(PaymentRejected{reason, std::move(detail)});
}

std::unexpected<PaymentRejected> no_such_payment() { return reject(R::no_such_payment, "There is no such payment."); }

PaymentChange nothing(const Payment& payment) { return {payment, {}}; }

PaymentChange released(Payment payment) {
  payment.status = PaymentStatus::released;
  PaymentReleased event{payment.order};
  return {std::move(payment), {event}};
}

bool is_closed_for(const Payment& payment, const OrderId& order) {
  return std::ranges::find(payment.closed_orders, order) != payment.closed_orders.end();
}

/// Whether what is held covers an amount.
std::expected<void, PaymentRejected> covers(const Payment& payment, const Money& amount) {
  if (amount.currency() != payment.amount.currency()) {
    return reject(R::payment_currency_mismatch,
                  "The payment is in " + payment.amount.currency().to_string() + ", " + amount.currency().to_string() + " is to be paid.");
  }
  if (amount.minor_units() > payment.amount.minor_units()) {
    return reject(R::payment_too_small, "The payment holds " + payment.amount.to_string() + ", " + amount.to_string() + " is to be paid.");
  }
  return {};
}

/// Whether the state allows the payment to be tied to the order; true where it is tied to it already.
std::expected<bool, PaymentRejected> may_tie(const Payment& payment, const OrderId& order) {
  if (is_closed_for(payment, order)) return reject(R::order_canceled, "The order ended before its payment was confirmed.");
  if (payment.order && *payment.order != order) return reject(R::payment_in_use, "The payment belongs to another order.");
  switch (payment.status) {
    case PaymentStatus::none: return no_such_payment();
    case PaymentStatus::authorized: return false;
    case PaymentStatus::confirmed:
    case PaymentStatus::capturing: return true;
    case PaymentStatus::captured: return reject(R::payment_not_authorized, "The payment is captured.");
    case PaymentStatus::released: return reject(R::payment_not_authorized, "The payment is released.");
  }
  std::unreachable();
}

}  // namespace

std::expected<void, PaymentRejected> may_see(const Payment& payment, const Actor& actor) {
  if (payment.status == PaymentStatus::none) return no_such_payment();
  if (payment.user != actor.user && !actor.is_operator) return reject(R::not_your_payment, "This payment is somebody else's.");
  return {};
}

std::expected<void, PaymentRejected> may_authorize(const Money& amount) {
  if (!amount.is_positive()) return reject(R::amount_not_positive, "An amount to authorize is more than zero.");
  return {};
}

PaymentChange authorize(const Authorization& what) {
  Payment payment;
  payment.id = what.payment;
  payment.status = PaymentStatus::authorized;
  payment.user = what.user;
  payment.amount = what.amount;
  payment.method = what.method;
  payment.expires_at = what.expires_at;
  return {std::move(payment), {PaymentAuthorized{what.user, what.amount}}};
}

PaymentDecision confirm(const Payment& payment, const OrderId& order, const UserId& user, const Money& total) {
  if (auto visible = may_see(payment, {user}); !visible) return std::unexpected(visible.error());
  const auto tied = may_tie(payment, order);
  if (!tied) return std::unexpected(tied.error());
  if (*tied) return nothing(payment);
  if (auto enough = covers(payment, total); !enough) return std::unexpected(enough.error());
  Payment after = payment;
  after.status = PaymentStatus::confirmed;
  after.order = order;
  return PaymentChange{std::move(after), {PaymentConfirmed{order}}};
}

PaymentDecision release(const Payment& payment, const OrderId& order) {
  const bool confirmed_for_it = payment.order == order;
  switch (payment.status) {
    case PaymentStatus::none:
    case PaymentStatus::released: return nothing(payment);
    case PaymentStatus::authorized:
    case PaymentStatus::confirmed:
      if (confirmed_for_it) return released(payment);
      break;
    case PaymentStatus::capturing:
      if (confirmed_for_it) return reject(R::payment_capture_under_way, "The gateway is being asked to take the money.");
      return nothing(payment);
    case PaymentStatus::captured:
      if (confirmed_for_it) return reject(R::payment_captured, "The money has been taken.");
      return nothing(payment);
  }
  // A payment that belongs to another order cannot be confirmed for this one anyway.
  if (payment.order || is_closed_for(payment, order)) return nothing(payment);
  Payment after = payment;
  after.closed_orders.push_back(order);
  return PaymentChange{std::move(after), {}};
}

PaymentChange expire(const Payment& payment, pkg::clock::TimePoint now) {
  if (payment.status != PaymentStatus::authorized || payment.expires_at > now) return nothing(payment);
  return released(payment);
}

PaymentDecision start_capture(const Payment& payment, const OrderId& order, const Money& amount) {
  switch (payment.status) {
    case PaymentStatus::none: return no_such_payment();
    case PaymentStatus::confirmed: break;
    case PaymentStatus::capturing: return reject(R::payment_capture_under_way, "The gateway is being asked to take the money.");
    case PaymentStatus::authorized:
    case PaymentStatus::captured:
    case PaymentStatus::released: return reject(R::payment_not_confirmed, "The payment is not held for this order.");
  }
  if (payment.order != order) return reject(R::payment_not_confirmed, "The payment is not held for this order.");
  if (auto enough = covers(payment, amount); !enough) return std::unexpected(enough.error());
  Payment after = payment;
  after.status = PaymentStatus::capturing;
  after.capture = amount;
  return PaymentChange{std::move(after), {}};
}

PaymentChange capture_done(const Payment& payment) {
  if (payment.status != PaymentStatus::capturing) return nothing(payment);
  Payment after = payment;
  after.status = PaymentStatus::captured;
  return {std::move(after), {PaymentCaptured{payment.order.value(), payment.capture.value()}}};
}

PaymentChange capture_refused(const Payment& payment) {
  if (payment.status != PaymentStatus::capturing) return nothing(payment);
  Payment after = payment;
  after.status = PaymentStatus::confirmed;
  after.capture.reset();
  return {std::move(after), {}};
}

}  // namespace payments::domain
