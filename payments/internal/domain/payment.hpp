#pragma once
// A payment: money that a gateway holds for a shopper, to pay one order with.
//
//   (none) --authorize--> authorized --confirm--> confirmed --start_capture--> capturing --captured--> captured
//                             |                    |    ^                          |
//                             |                    |    `-----capture_refused------'
//                             `-release, expire-> released <-release--'
//
// Invariants: the amount is more than zero; it is confirmed for at most one order, ever, and never for one in closed_orders; what is
// captured is more than zero and not above the amount; captured and released are never left. While it is capturing nobody knows whether
// the money was taken, so nothing else happens to it until the gateway has answered.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "payments/internal/domain/actor.hpp"
#include "payments/internal/domain/ids.hpp"
#include "payments/internal/domain/payment_events.hpp"
#include "payments/internal/domain/payment_rejection.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/money/money.hpp"

namespace payments::domain {

enum class PaymentStatus : std::uint8_t { none, authorized, confirmed, capturing, captured, released };

struct Payment {
  PaymentId id;
  std::uint64_t version = 0;  ///< that of the stored state; 0 before it is stored. Decisions leave it alone.
  PaymentStatus status = PaymentStatus::none;
  UserId user;
  pkg::money::Money amount;
  std::string method;
  std::optional<OrderId> order;              ///< the order it is, or was, confirmed for
  std::optional<pkg::money::Money> capture;  ///< what the gateway is asked to take, or took
  std::vector<OrderId> closed_orders;        ///< orders that ended before it was confirmed for them
  pkg::clock::TimePoint expires_at;          ///< when it is released if no order has used it by then

  friend bool operator==(const Payment&, const Payment&) = default;
};

/// A payment after a decision and what the others are to be told; the same state and no events where there was nothing to do.
struct PaymentChange {
  Payment state;
  std::vector<PaymentEvent> events;
};

using PaymentDecision = std::expected<PaymentChange, PaymentRejected>;

/// May reject with no_such_payment, not_your_payment.
std::expected<void, PaymentRejected> may_see(const Payment& payment, const Actor& actor);

/// Asked before the gateway is. May reject with amount_not_positive.
std::expected<void, PaymentRejected> may_authorize(const pkg::money::Money& amount);

struct Authorization {
  PaymentId payment;
  UserId user;
  pkg::money::Money amount;
  std::string method;
  pkg::clock::TimePoint expires_at;
};

/// The gateway holds the money.
PaymentChange authorize(const Authorization& what);

/// Ties the payment to an order; does nothing where it is tied to that one already. May reject with no_such_payment, not_your_payment,
/// order_canceled, payment_in_use, payment_not_authorized, payment_currency_mismatch, payment_too_small.
PaymentDecision confirm(const Payment& payment, const OrderId& order, const UserId& user, const pkg::money::Money& total);

/// The order has ended: gives the money back where the payment was confirmed for it, and else sees to it that it never will be. Fine for a
/// payment that does not exist. May reject with payment_capture_under_way, payment_captured.
PaymentDecision release(const Payment& payment, const OrderId& order);

/// Gives back what nobody used in its time; does nothing to any other payment.
PaymentChange expire(const Payment& payment, pkg::clock::TimePoint now);

/// Before the gateway is asked to take the money. May reject with no_such_payment, payment_not_confirmed, payment_capture_under_way,
/// payment_currency_mismatch, payment_too_small.
PaymentDecision start_capture(const Payment& payment, const OrderId& order, const pkg::money::Money& amount);

/// What the gateway answered; does nothing where the payment is not capturing (any more).
PaymentChange capture_done(const Payment& payment);
PaymentChange capture_refused(const Payment& payment);

}  // namespace payments::domain
