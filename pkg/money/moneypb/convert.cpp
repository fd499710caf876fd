#include "pkg/money/moneypb/convert.hpp"

#include "pkg/money/moneypb/money.pb.h"

namespace pkg::money {

mallbots::money::v1::Money to_proto(const Money& money) {
  mallbots::money::v1::Money message;
  message.set_currency(money.currency().to_string());
  message.set_minor_units(money.minor_units());
  return message;
}

errors::Result<Money> from_proto(const mallbots::money::v1::Money& money, std::string_view field) {
  const auto currency = Currency::parse(money.currency());
  if (!currency) {
    return errors::fail(errors::ErrorKind::malformed, "malformed_money", "A currency is three capital letters, like EUR.",
                        std::string(field) + ".currency");
  }
  return Money{*currency, money.minor_units()};
}

}  // namespace pkg::money
