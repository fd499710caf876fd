#pragma once

#include "payments/internal/app/ports.hpp"

namespace payments::app {

struct GetPayment {
  domain::PaymentId payment;
  domain::Actor by;
};

class GetPaymentHandler {
 public:
  explicit GetPaymentHandler(PaymentStore& store) : store_(store) {}
  /// Fails with no_such_payment or not_your_payment, and as PaymentStore does.
  pkg::errors::Result<domain::Payment> operator()(pkg::uow::UnitOfWork& unit, const GetPayment& query) const;

 private:
  PaymentStore& store_;
};

}  // namespace payments::app
