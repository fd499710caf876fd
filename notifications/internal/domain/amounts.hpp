#pragma once

#include <string>

#include "pkg/money/money.hpp"

namespace notifications::domain {

/// For people: "12.50 EUR", "1250 JPY", "1.250 KWD". The decimals are those of ISO 4217; a currency that is not in its list of
/// exceptions has two.
std::string to_text(const pkg::money::Money& amount);

}  // namespace notifications::domain
