#include "payments/internal/app/capture_start.hpp"

#include "payments/internal/app/gateway_keys.hpp"

namespace payments::app {

pkg::errors::Result<GatewayTask> start_capture(pkg::uow::UnitOfWork& unit, const PaymentChanges& payments, GatewayTasks& tasks,
                                               const domain::Invoice& invoice, pkg::clock::TimePoint due_at) {
  const auto payment = payments.change(
      unit, invoice.payment, [&](const domain::Payment& held) { return domain::start_capture(held, invoice.order, invoice.amount); });
  if (!payment) return pkg::errors::pass_on(payment);
  GatewayTask task{.key = capture_key(*payment),
                   .payment = payment->id,
                   .operation = GatewayOperation::capture,
                   .invoice = invoice.id,
                   .amount = invoice.amount,
                   .due_at = due_at};
  tasks.add(unit, task);
  return task;
}

}  // namespace payments::app
