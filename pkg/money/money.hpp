#pragma once
// Money as whole minor units (cents) of one currency. No floating point, no silent overflow, no mixing of currencies.

#include <array>
#include <compare>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace pkg::money {

/// Three capital letters (the shape of ISO 4217; whether the code is in use is not checked).
class Currency {
 public:
  constexpr Currency() = default;
  static std::optional<Currency> parse(std::string_view code);
  std::string to_string() const { return {letters_.begin(), letters_.end()}; }
  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

 private:
  std::array<char, 3> letters_{'X', 'X', 'X'};  // ISO 4217: no currency
};

enum class MoneyError {
  currency_mismatch,  ///< the two amounts are of different currencies
  overflow,           ///< the result does not fit 64 bits
};

class Money {
 public:
  constexpr Money() = default;
  constexpr Money(Currency currency, std::int64_t minor_units) : currency_(currency), minor_units_(minor_units) {}

  constexpr Currency currency() const { return currency_; }
  constexpr std::int64_t minor_units() const { return minor_units_; }
  constexpr bool is_positive() const { return minor_units_ > 0; }

  std::expected<Money, MoneyError> plus(const Money& other) const;
  std::expected<Money, MoneyError> minus(const Money& other) const;
  std::expected<Money, MoneyError> times(std::int64_t factor) const;

  /// For people and logs, in minor units: "USD 1999" is nineteen dollars and ninety-nine cents.
  std::string to_string() const;

  friend constexpr bool operator==(const Money&, const Money&) = default;

 private:
  Currency currency_;
  std::int64_t minor_units_ = 0;
};

}  // namespace pkg::money
