#include "payments/internal/app/queries/get_payment.hpp"

namespace payments::app {

pkg::errors::Result<domain::Payment> GetPaymentHandler::operator()(pkg::uow::UnitOfWork& unit, const GetPayment& query) const {
  auto payment = store_.load(unit, query.payment);
  if (!payment) return payment;
  if (auto visible = domain::may_see(*payment, query.by); !visible) return std::unexpected(domain::to_error(visible.error()));
  return payment;
}

}  // namespace payments::app
