#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

/// The gateway holds the money: the payment exists from here on, and the release that was there for the case of a crash in between is
/// taken back.
class RecordAuthorizationHandler {
 public:
  RecordAuthorizationHandler(const PaymentChanges& changes, GatewayTasks& tasks) : changes_(changes), tasks_(tasks) {}
  /// The unit fails with task_begun() where that release has begun.
  pkg::errors::Result<domain::Payment> operator()(pkg::uow::UnitOfWork& unit, const domain::Authorization& command) const;

 private:
  const PaymentChanges& changes_;
  GatewayTasks& tasks_;
};

}  // namespace payments::app
