#include "payments/internal/app/commands/raise_invoice.hpp"

#include "payments/internal/app/capture_start.hpp"

namespace payments::app {

pkg::errors::Result<> RaiseInvoiceHandler::operator()(pkg::uow::UnitOfWork& unit, const RaiseInvoice& command) const {
  const auto exists = store_.exists_for(unit, command.order);
  if (!exists) return pkg::errors::pass_on(exists);
  if (*exists) return {};
  const auto now = payments_.now();
  auto created = domain::create({command.invoice, command.order, command.user, command.payment, command.amount, now});
  if (!created) return std::unexpected(domain::to_error(created.error()));
  if (auto_capture_) {
    const auto task = start_capture(unit, payments_, tasks_, created->state, now);
    // A payment that cannot be captured leaves the invoice to people; that nothing can be read now does not.
    if (!task && pkg::errors::is_retryable(task.error().kind)) return pkg::errors::pass_on(task);
    if (task) created->state = domain::start_payment(created->state)->state;
  }
  invoices_.record(unit, {}, std::move(*created));
  return {};
}

}  // namespace payments::app
