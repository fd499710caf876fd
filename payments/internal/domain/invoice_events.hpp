#pragma once
// What can have happened to an invoice, as the other services are told.

#include <variant>

#include "pkg/money/money.hpp"

namespace payments::domain {

struct InvoiceCreated {
  pkg::money::Money amount;
  friend bool operator==(const InvoiceCreated&, const InvoiceCreated&) = default;
};

struct InvoiceAdjusted {
  pkg::money::Money amount;  ///< the new one
  friend bool operator==(const InvoiceAdjusted&, const InvoiceAdjusted&) = default;
};

struct InvoicePaid {
  pkg::money::Money amount;
  friend bool operator==(const InvoicePaid&, const InvoicePaid&) = default;
};

struct InvoiceCanceled {
  friend bool operator==(const InvoiceCanceled&, const InvoiceCanceled&) = default;
};

using InvoiceEvent = std::variant<InvoiceCreated, InvoiceAdjusted, InvoicePaid, InvoiceCanceled>;

}  // namespace payments::domain
