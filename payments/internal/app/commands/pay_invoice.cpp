#include "payments/internal/app/commands/pay_invoice.hpp"

#include "payments/internal/app/capture_start.hpp"
#include "payments/internal/app/gateway_work.hpp"

namespace payments::app {

using pkg::errors::pass_on;

pkg::errors::Result<PaymentBegun> PayInvoiceHandler::operator()(pkg::uow::UnitOfWork& unit, const PayInvoice& command) const {
  const auto invoice = invoices_.load(unit, command.invoice);
  if (!invoice) return pass_on(invoice);
  if (auto visible = domain::may_see(*invoice, command.by); !visible) return std::unexpected(domain::to_error(visible.error()));
  auto started = domain::start_payment(*invoice);
  if (!started) return std::unexpected(domain::to_error(started.error()));
  if (started->state == *invoice) {
    auto task = tasks_.capture_of(unit, invoice->id);
    if (!task) return pass_on(task);
    if (*task) ++(*task)->attempts;
    return PaymentBegun{*invoice, std::move(*task)};
  }
  if (auto fresh = check_version(invoice->version, command.if_version); !fresh) return pass_on(fresh);
  auto task = start_capture(unit, payments_, tasks_, *invoice, payments_.now() + task_lease);
  if (!task) return pass_on(task);
  return PaymentBegun{invoices_.record(unit, *invoice, std::move(*started)), std::move(*task)};
}

}  // namespace payments::app
