#include "pkg/money/money.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace pkg::money {
namespace {

const Currency eur = *Currency::parse("EUR");
const Currency usd = *Currency::parse("USD");
constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

TEST(Currency, IsThreeCapitalLetters) {
  EXPECT_EQ(eur.to_string(), "EUR");
  for (const char* code : {"", "EU", "EURO", "eur", "E1R", "€"}) EXPECT_FALSE(Currency::parse(code)) << code;
}

TEST(Money, AddsSubtractsAndMultipliesWithinACurrency) {
  EXPECT_EQ(Money(eur, 250).plus({eur, 150}), Money(eur, 400));
  EXPECT_EQ(Money(eur, 250).minus({eur, 300}), Money(eur, -50));
  EXPECT_EQ(Money(eur, 250).times(3), Money(eur, 750));
}

TEST(Money, RefusesToMixCurrencies) {
  EXPECT_EQ(Money(eur, 1).plus({usd, 1}), std::unexpected(MoneyError::currency_mismatch));
  EXPECT_EQ(Money(eur, 1).minus({usd, 1}), std::unexpected(MoneyError::currency_mismatch));
}

TEST(Money, RefusesWhatDoesNotFit) {
  EXPECT_EQ(Money(eur, most).plus({eur, 1}), std::unexpected(MoneyError::overflow));
  EXPECT_EQ(Money(eur, least).minus({eur, 1}), std::unexpected(MoneyError::overflow));
  EXPECT_EQ(Money(eur, most / 2 + 1).times(2), std::unexpected(MoneyError::overflow));
  EXPECT_EQ(Money(eur, least).times(-1), std::unexpected(MoneyError::overflow));
}

TEST(Money, ReadsAsCurrencyAndMinorUnits) { EXPECT_EQ(Money(usd, 1999).to_string(), "USD 1999"); }

}  // namespace
}  // namespace pkg::money
