#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace payments::domain {

/// Why a payment says no, the first that applies. The word is the `code` that callers see.
enum class PaymentRejection : std::uint8_t {
  no_such_payment,            ///< nothing was authorized under this id
  not_your_payment,           ///< only who authorized it (and, to look at it, an operator)
  amount_not_positive,        ///< an authorization is for more than zero
  unknown_payment_method,     ///< the gateway does not know the method
  payment_declined,           ///< the gateway refuses to hold the money
  order_canceled,             ///< the order was canceled or compensated before its payment was confirmed
  payment_in_use,             ///< it is, or was, confirmed for another order
  payment_not_authorized,     ///< it was released or captured: nothing is held any more
  payment_currency_mismatch,  ///< the total is of another currency
  payment_too_small,          ///< the total is more than what is held
  payment_not_confirmed,      ///< only a payment that is confirmed for this order is captured
  payment_capture_under_way,  ///< the gateway is being asked; once it has answered, try again
  payment_captured,           ///< the money has been taken and cannot be released any more
};

/// A rejection with what a person needs to know of it.
struct PaymentRejected {
  PaymentRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const PaymentRejected& rejected);

}  // namespace payments::domain
