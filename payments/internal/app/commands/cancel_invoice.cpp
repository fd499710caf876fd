#include "payments/internal/app/commands/cancel_invoice.hpp"

namespace payments::app {

pkg::errors::Result<domain::Invoice> CancelInvoiceHandler::operator()(pkg::uow::UnitOfWork& unit, const CancelInvoice& command) const {
  auto canceled =
      invoices_.change(unit, command.invoice, command.if_version, [](const domain::Invoice& invoice) { return domain::cancel(invoice); });
  if (!canceled) return canceled;
  const auto released =
      payments_.change(unit, canceled->payment, [&](const domain::Payment& payment) { return domain::release(payment, canceled->order); });
  if (!released) return pkg::errors::pass_on(released);
  return canceled;
}

}  // namespace payments::app
