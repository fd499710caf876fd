#include "payments/internal/domain/invoice.hpp"

#include <string>
#include <utility>

namespace payments::domain {
namespace {

using pkg::money::Money;
using R = InvoiceRejection;

std::unexpected<InvoiceRejected> reject(InvoiceRejection reason, std::string detail) {
  return std::unexpected(InvoiceRejected{reason, std::move(detail)});
}

std::unexpected<InvoiceRejected> no_such_invoice() { return reject(R::no_such_invoice, "There is no such invoice."); }
std::unexpected<InvoiceRejected> is_paid() { return reject(R::invoice_not_pending, "The invoice is paid."); }
std::unexpected<InvoiceRejected> is_canceled() { return reject(R::invoice_not_pending, "The invoice is canceled."); }
std::unexpected<InvoiceRejected> is_paying() {
  return reject(R::invoice_payment_under_way, "The money is just being taken; look again in a moment.");
}

InvoiceChange nothing(const Invoice& invoice) { return {invoice, {}}; }

InvoiceChange moved(Invoice invoice, InvoiceStatus status, std::vector<InvoiceEvent> events = {}) {
  invoice.status = status;
  return {std::move(invoice), std::move(events)};
}

}  // namespace

std::expected<void, InvoiceRejected> may_see(const Invoice& invoice, const Actor& actor) {
  if (invoice.status == InvoiceStatus::none) return no_such_invoice();
  if (invoice.user != actor.user && !actor.is_operator) return reject(R::not_your_invoice, "This invoice is somebody else's.");
  return {};
}

InvoiceDecision create(const Claim& claim) {
  if (!claim.amount.is_positive()) return reject(R::amount_not_positive, "An invoice is for more than zero.");
  Invoice invoice;
  invoice.id = claim.invoice;
  invoice.status = InvoiceStatus::pending;
  invoice.order = claim.order;
  invoice.user = claim.user;
  invoice.payment = claim.payment;
  invoice.amount = claim.amount;
  invoice.created_at = claim.now;
  return InvoiceChange{std::move(invoice), {InvoiceCreated{claim.amount}}};
}

InvoiceDecision start_payment(const Invoice& invoice) {
  switch (invoice.status) {
    case InvoiceStatus::none: return no_such_invoice();
    case InvoiceStatus::pending: return moved(invoice, InvoiceStatus::paying);
    case InvoiceStatus::paying:
    case InvoiceStatus::paid: return nothing(invoice);
    case InvoiceStatus::canceled: return is_canceled();
  }
  std::unreachable();
}

InvoiceChange payment_done(const Invoice& invoice) {
  if (invoice.status != InvoiceStatus::paying) return nothing(invoice);
  return moved(invoice, InvoiceStatus::paid, {InvoicePaid{invoice.amount}});
}

InvoiceChange payment_refused(const Invoice& invoice) {
  if (invoice.status != InvoiceStatus::paying) return nothing(invoice);
  return moved(invoice, InvoiceStatus::pending);
}

InvoiceRejected capture_failed() { return {R::capture_failed, "The payment method refused to pay; the invoice stays pending."}; }

InvoiceDecision adjust(const Invoice& invoice, const Money& amount, const Money& held) {
  switch (invoice.status) {
    case InvoiceStatus::none: return no_such_invoice();
    case InvoiceStatus::pending: break;
    case InvoiceStatus::paying: return is_paying();
    case InvoiceStatus::paid: return is_paid();
    case InvoiceStatus::canceled: return is_canceled();
  }
  if (!amount.is_positive()) return reject(R::amount_not_positive, "An invoice is for more than zero.");
  if (amount.currency() != invoice.amount.currency() || amount.currency() != held.currency()) {
    return reject(R::invoice_currency_mismatch, "The invoice is in " + invoice.amount.currency().to_string() + ".");
  }
  if (amount.minor_units() > held.minor_units()) {
    return reject(R::amount_above_authorization, "The payment holds " + held.to_string() + " only.");
  }
  if (amount == invoice.amount) return nothing(invoice);
  Invoice after = invoice;
  after.amount = amount;
  return InvoiceChange{std::move(after), {InvoiceAdjusted{amount}}};
}

InvoiceDecision cancel(const Invoice& invoice) {
  switch (invoice.status) {
    case InvoiceStatus::none: return no_such_invoice();
    case InvoiceStatus::pending: return moved(invoice, InvoiceStatus::canceled, {InvoiceCanceled{}});
    case InvoiceStatus::paying: return is_paying();
    case InvoiceStatus::paid: return is_paid();
    case InvoiceStatus::canceled: return nothing(invoice);
  }
  std::unreachable();
}

}  // namespace payments::domain
