#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

struct ExpirePayment {
  domain::PaymentId payment;
};

class ExpirePaymentHandler {
 public:
  explicit ExpirePaymentHandler(const PaymentChanges& changes) : changes_(changes) {}
  /// Does nothing where an order has used the payment meanwhile.
  pkg::errors::Result<domain::Payment> operator()(pkg::uow::UnitOfWork& unit, const ExpirePayment& command) const;

 private:
  const PaymentChanges& changes_;
};

}  // namespace payments::app
