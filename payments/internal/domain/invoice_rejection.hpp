#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace payments::domain {

/// Why an invoice says no, the first that applies. The word is the `code` that callers see.
enum class InvoiceRejection : std::uint8_t {
  no_such_invoice,             ///< there is no invoice of this id
  not_your_invoice,            ///< only the shopper whose order it is, or an operator
  invoice_not_pending,         ///< it is paid or canceled
  invoice_payment_under_way,   ///< the gateway is being asked to take the money; the amount stands until it has answered
  amount_not_positive,         ///< an invoice is for more than zero
  invoice_currency_mismatch,   ///< an invoice stays in the currency of its payment
  amount_above_authorization,  ///< no more is asked for than what is held
  capture_failed,              ///< the gateway refused to take the money; the invoice stays pending
};

/// A rejection with what a person needs to know of it.
struct InvoiceRejected {
  InvoiceRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const InvoiceRejected& rejected);

}  // namespace payments::domain
