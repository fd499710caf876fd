#pragma once
// The idempotency keys of what the gateway is asked: the payment and the operation. A capture that was refused may be followed by
// another one, of another amount perhaps, so its key has the version of the payment that asked for it as well.

#include <string>

#include "payments/internal/domain/payment.hpp"

namespace payments::app {

inline std::string authorize_key(const domain::PaymentId& payment) { return payment.to_string() + ":authorize"; }
inline std::string release_key(const domain::PaymentId& payment) { return payment.to_string() + ":release"; }
inline std::string capture_key(const domain::Payment& capturing) {
  return capturing.id.to_string() + ":capture:" + std::to_string(capturing.version);
}

}  // namespace payments::app
