#pragma once

#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/money/money.hpp"

namespace mallbots::money::v1 {
class Money;
}

namespace pkg::money {

mallbots::money::v1::Money to_proto(const Money& money);

/// Fails with `malformed`, code "malformed_money", where there is no currency of three capital letters. `field` is where the value
/// stands in the request ("price").
errors::Result<Money> from_proto(const mallbots::money::v1::Money& money, std::string_view field);

}  // namespace pkg::money
