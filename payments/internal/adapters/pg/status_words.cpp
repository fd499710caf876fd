#include "payments/internal/adapters/pg/status_words.hpp"

#include <utility>

namespace payments::adapters::pg {
namespace {

std::unexpected<pkg::errors::Error> unreadable(std::string_view what) {
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored " + std::string(what) + " cannot be read.");
}

}  // namespace

using domain::InvoiceStatus;
using domain::PaymentStatus;

std::string_view to_word(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::none: return "none";
    case PaymentStatus::authorized: return "authorized";
    case PaymentStatus::confirmed: return "confirmed";
    case PaymentStatus::capturing: return "capturing";
    case PaymentStatus::captured: return "captured";
    case PaymentStatus::released: return "released";
  }
  std::unreachable();
}

std::string_view to_word(InvoiceStatus status) {
  switch (status) {
    case InvoiceStatus::none: return "none";
    case InvoiceStatus::pending: return "pending";
    case InvoiceStatus::paying: return "paying";
    case InvoiceStatus::paid: return "paid";
    case InvoiceStatus::canceled: return "canceled";
  }
  std::unreachable();
}

pkg::errors::Result<PaymentStatus> payment_status_of(std::string_view word) {
  for (const auto status :
       {PaymentStatus::authorized, PaymentStatus::confirmed, PaymentStatus::capturing, PaymentStatus::captured, PaymentStatus::released}) {
    if (to_word(status) == word) return status;
  }
  return unreadable("payment's status");
}

pkg::errors::Result<InvoiceStatus> invoice_status_of(std::string_view word) {
  for (const auto status : {InvoiceStatus::pending, InvoiceStatus::paying, InvoiceStatus::paid, InvoiceStatus::canceled}) {
    if (to_word(status) == word) return status;
  }
  return unreadable("invoice's status");
}

pkg::errors::Result<pkg::money::Money> money_of(std::string_view currency, std::int64_t minor_units) {
  const auto parsed = pkg::money::Currency::parse(currency);
  if (!parsed) return unreadable("currency");
  return pkg::money::Money{*parsed, minor_units};
}

}  // namespace payments::adapters::pg
