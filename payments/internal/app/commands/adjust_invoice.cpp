#include "payments/internal/app/commands/adjust_invoice.hpp"

namespace payments::app {

pkg::errors::Result<domain::Invoice> AdjustInvoiceHandler::operator()(pkg::uow::UnitOfWork& unit, const AdjustInvoice& command) const {
  const auto decide = [&](const domain::Invoice& invoice) -> pkg::errors::Result<domain::InvoiceDecision> {
    const auto payment = payments_.load(unit, invoice.payment);
    if (!payment) return pkg::errors::pass_on(payment);
    return domain::adjust(invoice, command.amount, payment->amount);
  };
  return invoices_.change(unit, command.invoice, command.if_version, decide);
}

}  // namespace payments::app
