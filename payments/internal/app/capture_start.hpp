#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

/// Writes down that the gateway is to take the invoice's amount from its payment: the payment is capturing from here on, and the task is
/// there. Fails with the payment's rejections, and then nothing is written. `due_at`: when the worker does it if nobody else has.
pkg::errors::Result<GatewayTask> start_capture(pkg::uow::UnitOfWork& unit, const PaymentChanges& payments, GatewayTasks& tasks,
                                               const domain::Invoice& invoice, pkg::clock::TimePoint due_at);

}  // namespace payments::app
