#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

struct ConfirmPayment {
  domain::OrderId order;
  domain::PaymentId payment;
  domain::UserId user;
  pkg::money::Money total;
};

class ConfirmPaymentHandler {
 public:
  explicit ConfirmPaymentHandler(const PaymentChanges& changes) : changes_(changes) {}
  pkg::errors::Result<domain::Payment> operator()(pkg::uow::UnitOfWork& unit, const ConfirmPayment& command) const;

 private:
  const PaymentChanges& changes_;
};

}  // namespace payments::app
