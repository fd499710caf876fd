#include "payments/internal/domain/invoice_rejection.hpp"

#include <utility>

namespace payments::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(InvoiceRejection reason) {
  switch (reason) {
    case InvoiceRejection::no_such_invoice: return {ErrorKind::not_found, "no_such_invoice"};
    case InvoiceRejection::not_your_invoice: return {ErrorKind::forbidden, "not_your_invoice"};
    case InvoiceRejection::invoice_not_pending: return {ErrorKind::conflict, "invoice_not_pending"};
    case InvoiceRejection::invoice_payment_under_way: return {ErrorKind::conflict, "invoice_payment_under_way"};
    case InvoiceRejection::amount_not_positive: return {ErrorKind::rejected, "amount_not_positive", "amount"};
    case InvoiceRejection::invoice_currency_mismatch: return {ErrorKind::rejected, "invoice_currency_mismatch", "amount"};
    case InvoiceRejection::amount_above_authorization: return {ErrorKind::rejected, "amount_above_authorization", "amount"};
    case InvoiceRejection::capture_failed: return {ErrorKind::rejected, "capture_failed"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const InvoiceRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

}  // namespace payments::domain
