#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

/// An order has ended: its saga compensates, or it was canceled.
struct ReleasePayment {
  domain::OrderId order;
  domain::PaymentId payment;
};

class ReleasePaymentHandler {
 public:
  explicit ReleasePaymentHandler(const PaymentChanges& changes) : changes_(changes) {}
  pkg::errors::Result<domain::Payment> operator()(pkg::uow::UnitOfWork& unit, const ReleasePayment& command) const;

 private:
  const PaymentChanges& changes_;
};

}  // namespace payments::app
