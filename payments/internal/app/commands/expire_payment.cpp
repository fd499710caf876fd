#include "payments/internal/app/commands/expire_payment.hpp"

namespace payments::app {

pkg::errors::Result<domain::Payment> ExpirePaymentHandler::operator()(pkg::uow::UnitOfWork& unit, const ExpirePayment& command) const {
  return changes_.change(unit, command.payment,
                         [&](const domain::Payment& payment) { return domain::PaymentDecision(domain::expire(payment, changes_.now())); });
}

}  // namespace payments::app
