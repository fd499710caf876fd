#pragma once

#include <string_view>

#include "payments/internal/domain/invoice.hpp"
#include "payments/internal/domain/payment.hpp"
#include "pkg/errors/error.hpp"

namespace payments::adapters::pg {

/// How a status is written in the tables.
std::string_view to_word(domain::PaymentStatus status);
std::string_view to_word(domain::InvoiceStatus status);
/// Fail with `internal`, code "unreadable_row".
pkg::errors::Result<domain::PaymentStatus> payment_status_of(std::string_view word);
pkg::errors::Result<domain::InvoiceStatus> invoice_status_of(std::string_view word);
pkg::errors::Result<pkg::money::Money> money_of(std::string_view currency, std::int64_t minor_units);

}  // namespace payments::adapters::pg
