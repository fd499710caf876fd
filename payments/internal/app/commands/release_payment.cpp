#include "payments/internal/app/commands/release_payment.hpp"

namespace payments::app {

pkg::errors::Result<domain::Payment> ReleasePaymentHandler::operator()(pkg::uow::UnitOfWork& unit, const ReleasePayment& command) const {
  return changes_.change(unit, command.payment, [&](const domain::Payment& payment) { return domain::release(payment, command.order); });
}

}  // namespace payments::app
