#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "payments/internal/domain/ids.hpp"
#include "pkg/money/money.hpp"

namespace payments::app {

enum class GatewayFailure : std::uint8_t {
  unknown_method,  ///< no such payment method; ask the shopper for another
  declined,        ///< no, and asking again with this key gives no again
  unavailable,     ///< it may or may not have happened; ask again with the same key to know
};

/// Port to who moves the money. Never called inside a unit of work. Every operation has a key: asked again with the same key, the
/// gateway has no second effect and answers as the first time (but for `unavailable`). Calls return within 10 seconds.
class PaymentGateway {
 public:
  using Answer = std::expected<void, GatewayFailure>;

  struct Hold {
    domain::PaymentId payment;
    std::string method;
    pkg::money::Money amount;
  };

  virtual ~PaymentGateway() = default;
  /// Holds the amount. Fails with unknown_method, declined, unavailable.
  virtual Answer authorize(const std::string& key, const Hold& hold) = 0;
  /// Takes the amount from what is held and gives the rest back. Fails with declined (nothing is held, not so much is held, or the method
  /// refuses), unavailable.
  virtual Answer capture(const std::string& key, const domain::PaymentId& payment, const pkg::money::Money& amount) = 0;
  /// Gives back what is held; does nothing where nothing is held, and nothing can be held for that payment afterwards. Fails with
  /// unavailable only.
  virtual Answer release(const std::string& key, const domain::PaymentId& payment) = 0;
};

}  // namespace payments::app
