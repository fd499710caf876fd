#pragma once
// What can have happened to a payment, as the other services are told. Steps that are payments' own affair (a capture that is under
// way) are in the state only.

#include <optional>
#include <string>
#include <variant>

#include "payments/internal/domain/ids.hpp"
#include "pkg/money/money.hpp"

namespace payments::domain {

struct PaymentAuthorized {
  UserId user;
  pkg::money::Money amount;
  friend bool operator==(const PaymentAuthorized&, const PaymentAuthorized&) = default;
};

struct PaymentConfirmed {
  OrderId order;
  friend bool operator==(const PaymentConfirmed&, const PaymentConfirmed&) = default;
};

struct PaymentCaptured {
  OrderId order;
  pkg::money::Money amount;
  friend bool operator==(const PaymentCaptured&, const PaymentCaptured&) = default;
};

struct PaymentReleased {
  std::optional<OrderId> order;  ///< nothing where it was never confirmed for one
  friend bool operator==(const PaymentReleased&, const PaymentReleased&) = default;
};

using PaymentEvent = std::variant<PaymentAuthorized, PaymentConfirmed, PaymentCaptured, PaymentReleased>;

}  // namespace payments::domain
