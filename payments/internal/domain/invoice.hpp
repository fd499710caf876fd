#pragma once
// An invoice: what a shopper is asked to pay for an order that is ready.
//
//   (none) --create--> pending --start_payment--> paying --payment_done--> paid
//                       |   ^                        |
//                       |   `----payment_refused-----'
//                       `--cancel--> canceled
//
// Invariants: one per order; the amount is more than zero and, once adjusted, not above what the payment holds; it changes only while
// the invoice is pending; paid and canceled are never left. While it is paying the gateway is being asked for exactly its amount.
// To the shopper a paying invoice is still pending.

#include <cstdint>
#include <expected>
#include <vector>

#include "payments/internal/domain/actor.hpp"
#include "payments/internal/domain/ids.hpp"
#include "payments/internal/domain/invoice_events.hpp"
#include "payments/internal/domain/invoice_rejection.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/money/money.hpp"

namespace payments::domain {

enum class InvoiceStatus : std::uint8_t { none, pending, paying, paid, canceled };

struct Invoice {
  InvoiceId id;
  std::uint64_t version = 0;  ///< that of the stored state; 0 before it is stored. Decisions leave it alone.
  InvoiceStatus status = InvoiceStatus::none;
  OrderId order;
  UserId user;
  PaymentId payment;
  pkg::money::Money amount;
  pkg::clock::TimePoint created_at;

  friend bool operator==(const Invoice&, const Invoice&) = default;
};

/// An invoice after a decision and what the others are to be told; the same state and no events where there was nothing to do.
struct InvoiceChange {
  Invoice state;
  std::vector<InvoiceEvent> events;
};

using InvoiceDecision = std::expected<InvoiceChange, InvoiceRejected>;

/// May reject with no_such_invoice, not_your_invoice.
std::expected<void, InvoiceRejected> may_see(const Invoice& invoice, const Actor& actor);

struct Claim {
  InvoiceId invoice;
  OrderId order;
  UserId user;
  PaymentId payment;
  pkg::money::Money amount;
  pkg::clock::TimePoint now;
};

/// May reject with amount_not_positive.
InvoiceDecision create(const Claim& claim);

/// Before the gateway is asked to take the money; does nothing where that was done before. May reject with no_such_invoice,
/// invoice_not_pending.
InvoiceDecision start_payment(const Invoice& invoice);

/// What the gateway answered; does nothing where the invoice is not paying (any more).
InvoiceChange payment_done(const Invoice& invoice);
InvoiceChange payment_refused(const Invoice& invoice);
/// What the shopper is told when the gateway refused.
InvoiceRejected capture_failed();

/// `held` is what the payment was authorized for. May reject with no_such_invoice, invoice_not_pending, invoice_payment_under_way,
/// amount_not_positive, invoice_currency_mismatch, amount_above_authorization.
InvoiceDecision adjust(const Invoice& invoice, const pkg::money::Money& amount, const pkg::money::Money& held);

/// Canceling a canceled invoice does nothing. May reject with no_such_invoice, invoice_not_pending, invoice_payment_under_way.
InvoiceDecision cancel(const Invoice& invoice);

}  // namespace payments::domain
