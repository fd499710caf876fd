#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

struct CancelInvoice {
  domain::InvoiceId invoice;
  std::optional<std::uint64_t> if_version;
};

class CancelInvoiceHandler {
 public:
  CancelInvoiceHandler(const PaymentChanges& payments, const InvoiceChanges& invoices) : payments_(payments), invoices_(invoices) {}
  /// Gives the money back as well.
  pkg::errors::Result<domain::Invoice> operator()(pkg::uow::UnitOfWork& unit, const CancelInvoice& command) const;

 private:
  const PaymentChanges& payments_;
  const InvoiceChanges& invoices_;
};

}  // namespace payments::app
