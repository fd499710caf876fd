#pragma once

#include "payments/internal/app/payment_gateway.hpp"
#include "payments/internal/domain/payment.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"

namespace payments::app {

/// How long after the gateway was asked to hold money that hold is given back unless the payment has been recorded. Far longer than any
/// call takes.
constexpr pkg::clock::Duration authorization_grace = std::chrono::minutes{15};

/// Asks the gateway to hold the money, a few times at once where it does not answer. Fails with unknown_payment_method,
/// payment_declined, and `unavailable`, code "gateway_unavailable".
pkg::errors::Result<> hold(PaymentGateway& gateway, const PaymentGateway::Hold& hold);

}  // namespace payments::app
