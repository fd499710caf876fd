#include "payments/internal/app/commands/confirm_payment.hpp"

namespace payments::app {

pkg::errors::Result<domain::Payment> ConfirmPaymentHandler::operator()(pkg::uow::UnitOfWork& unit, const ConfirmPayment& command) const {
  return changes_.change(unit, command.payment, [&](const domain::Payment& payment) {
    return domain::confirm(payment, command.order, command.user, command.total);
  });
}

}  // namespace payments::app
