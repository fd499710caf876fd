#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

struct PayInvoice {
  domain::InvoiceId invoice;
  domain::Actor by;
  std::optional<std::uint64_t> if_version;
};

/// What is left to do once it is written down that the invoice is to be paid.
struct PaymentBegun {
  domain::Invoice invoice;
  std::optional<GatewayTask> task;  ///< nothing where it is paid already
};

class PayInvoiceHandler {
 public:
  PayInvoiceHandler(const PaymentChanges& payments, const InvoiceChanges& invoices, GatewayTasks& tasks)
      : payments_(payments), invoices_(invoices), tasks_(tasks) {}
  /// Only writes the intent; the gateway is asked after the commit. Where that is under way already, gives the task that does it.
  pkg::errors::Result<PaymentBegun> operator()(pkg::uow::UnitOfWork& unit, const PayInvoice& command) const;

 private:
  const PaymentChanges& payments_;
  const InvoiceChanges& invoices_;
  GatewayTasks& tasks_;
};

}  // namespace payments::app
