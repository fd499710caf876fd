#include "payments/internal/domain/payment_rejection.hpp"

#include <utility>

namespace payments::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(PaymentRejection reason) {
  switch (reason) {
    case PaymentRejection::no_such_payment: return {ErrorKind::not_found, "no_such_payment"};
    case PaymentRejection::not_your_payment: return {ErrorKind::forbidden, "not_your_payment"};
    case PaymentRejection::amount_not_positive: return {ErrorKind::rejected, "amount_not_positive", "amount"};
    case PaymentRejection::unknown_payment_method: return {ErrorKind::rejected, "unknown_payment_method", "method"};
    case PaymentRejection::payment_declined: return {ErrorKind::rejected, "payment_declined"};
    case PaymentRejection::order_canceled: return {ErrorKind::conflict, "order_canceled"};
    case PaymentRejection::payment_in_use: return {ErrorKind::conflict, "payment_in_use"};
    case PaymentRejection::payment_not_authorized: return {ErrorKind::conflict, "payment_not_authorized"};
    case PaymentRejection::payment_currency_mismatch: return {ErrorKind::rejected, "payment_currency_mismatch"};
    case PaymentRejection::payment_too_small: return {ErrorKind::rejected, "payment_too_small"};
    case PaymentRejection::payment_not_confirmed: return {ErrorKind::conflict, "payment_not_confirmed"};
    case PaymentRejection::payment_capture_under_way: return {ErrorKind::unavailable, "payment_capture_under_way"};
    case PaymentRejection::payment_captured: return {ErrorKind::conflict, "payment_captured"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const PaymentRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

}  // namespace payments::domain
