#include "payments/internal/app/authorization.hpp"

#include "payments/internal/app/gateway_keys.hpp"

namespace payments::app {

using domain::PaymentRejection;

pkg::errors::Result<> hold(PaymentGateway& gateway, const PaymentGateway::Hold& hold) {
  constexpr int tries = 3;
  for (int i = 0; i < tries; ++i) {
    const auto answer = gateway.authorize(authorize_key(hold.payment), hold);
    if (answer) return {};
    switch (answer.error()) {
      case GatewayFailure::unknown_method:
        return std::unexpected(
            domain::to_error({PaymentRejection::unknown_payment_method, "The payment gateway does not know this method."}));
      case GatewayFailure::declined:
        return std::unexpected(domain::to_error({PaymentRejection::payment_declined, "The payment gateway declines this payment."}));
      case GatewayFailure::unavailable: break;
    }
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::unavailable, "gateway_unavailable",
                           "The payment gateway does not answer now; try again.");
}

}  // namespace payments::app
