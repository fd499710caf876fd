#pragma once

#include "payments/internal/app/ports.hpp"

namespace payments::app {

struct GetInvoice {
  domain::InvoiceId invoice;
  domain::Actor by;
};

class GetInvoiceHandler {
 public:
  explicit GetInvoiceHandler(InvoiceStore& store) : store_(store) {}
  /// Fails with no_such_invoice or not_your_invoice, and as InvoiceStore does.
  pkg::errors::Result<domain::Invoice> operator()(pkg::uow::UnitOfWork& unit, const GetInvoice& query) const;

 private:
  InvoiceStore& store_;
};

}  // namespace payments::app
