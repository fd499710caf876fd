#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

struct AdjustInvoice {
  domain::InvoiceId invoice;
  pkg::money::Money amount;  ///< the new one
  std::optional<std::uint64_t> if_version;
};

class AdjustInvoiceHandler {
 public:
  AdjustInvoiceHandler(const PaymentChanges& payments, const InvoiceChanges& invoices) : payments_(payments), invoices_(invoices) {}
  pkg::errors::Result<domain::Invoice> operator()(pkg::uow::UnitOfWork& unit, const AdjustInvoice& command) const;

 private:
  const PaymentChanges& payments_;
  const InvoiceChanges& invoices_;
};

}  // namespace payments::app
