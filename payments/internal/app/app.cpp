#include "payments/internal/app/app.hpp"

#include "payments/internal/app/authorization.hpp"
#include "payments/internal/app/gateway_keys.hpp"

namespace payments::app {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

namespace {

/// The gateway was asked so long ago that what it held is being given back.
pkg::errors::Error authorization_timed_out() {
  return {pkg::errors::ErrorKind::unavailable, "authorization_timed_out", "The authorization took too long; try again.", {}};
}

}  // namespace

Application::Application(const Needs& needs, const Rules& rules)
    : needs_(needs),
      rules_(rules),
      payments_(needs.payments, needs.tasks, needs.payment_news, needs.clock),
      invoices_(needs.invoices, needs.invoice_news),
      gateway_work_(needs.transactor, needs.tasks, needs.gateway, payments_, invoices_),
      record_authorization_(payments_, needs.tasks),
      confirm_payment_(payments_),
      release_payment_(payments_),
      expire_payment_(payments_),
      raise_invoice_(payments_, invoices_, needs.invoices, needs.tasks, rules.auto_capture),
      pay_invoice_(payments_, invoices_, needs.tasks),
      adjust_invoice_(payments_, invoices_),
      cancel_invoice_(payments_, invoices_),
      get_payment_(needs.payments),
      get_invoice_(needs.invoices),
      list_invoices_(needs.invoices) {}

Result<domain::Payment> Application::authorize_payment(const Cause& cause, const AuthorizePayment& command) const {
  if (auto allowed = domain::may_authorize(command.amount); !allowed) return std::unexpected(domain::to_error(allowed.error()));
  const auto now = needs_.clock.now();
  // Before the gateway is asked, so that whatever happens in between, no money stays held for a payment that nobody knows.
  const auto insured = needs_.transactor.run(cause, [&](UnitOfWork& unit) -> Result<> {
    needs_.tasks.add(unit, {.key = release_key(command.payment), .payment = command.payment, .due_at = now + authorization_grace});
    return {};
  });
  if (!insured) return pass_on(insured);
  if (auto held = hold(needs_.gateway, {command.payment, command.method, command.amount}); !held) return pass_on(held);
  const domain::Authorization authorization{command.payment, command.by, command.amount, command.method,
                                            now + rules_.authorization_lifetime};
  auto recorded = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return record_authorization_(unit, authorization); });
  if (!recorded && recorded.error() == task_begun()) return std::unexpected(authorization_timed_out());
  return recorded;
}

Result<domain::Invoice> Application::pay_invoice(const Cause& cause, const PayInvoice& command) const {
  auto begun = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return pay_invoice_(unit, command); });
  if (!begun) return pass_on(begun);
  if (!begun->task) return std::move(begun->invoice);
  if (auto paid = gateway_work_.perform(cause, *begun->task); !paid) return pass_on(paid);
  return get_invoice(cause, {command.invoice, command.by});
}

Result<domain::Invoice> Application::adjust_invoice(const Cause& cause, const AdjustInvoice& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return adjust_invoice_(unit, command); });
}

Result<domain::Invoice> Application::cancel_invoice(const Cause& cause, const CancelInvoice& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return cancel_invoice_(unit, command); });
}

Result<domain::Payment> Application::get_payment(const Cause& cause, const GetPayment& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return get_payment_(unit, query); });
}

Result<domain::Invoice> Application::get_invoice(const Cause& cause, const GetInvoice& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return get_invoice_(unit, query); });
}

Result<pkg::paging::Slice<domain::Invoice>> Application::list_invoices(const Cause& cause, const ListInvoices& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return list_invoices_(unit, query); });
}

Result<int> Application::expire_payments(const Cause& cause, int limit) const {
  const auto expired =
      needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return needs_.payments.expired(unit, needs_.clock.now(), limit); });
  if (!expired) return pass_on(expired);
  for (const auto& payment : *expired) {
    const auto released = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return expire_payment_(unit, {payment}); });
    if (!released) return pass_on(released);
  }
  return static_cast<int>(expired->size());
}

}  // namespace payments::app
