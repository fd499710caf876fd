#include "pkg/money/money.hpp"

namespace pkg::money {

std::optional<Currency> Currency::parse(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  Currency currency;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] < 'A' || code[i] > 'Z') return std::nullopt;
    currency.letters_[i] = code[i];
  }
  return currency;
}

std::expected<Money, MoneyError> Money::plus(const Money& other) const {
  if (currency_ != other.currency_) return std::unexpected(MoneyError::currency_mismatch);
  Money sum{currency_, 0};
  if (__builtin_add_overflow(minor_units_, other.minor_units_, &sum.minor_units_)) return std::unexpected(MoneyError::overflow);
  return sum;
}

std::expected<Money, MoneyError> Money::minus(const Money& other) const {
  if (currency_ != other.currency_) return std::unexpected(MoneyError::currency_mismatch);
  Money rest{currency_, 0};
  if (__builtin_sub_overflow(minor_units_, other.minor_units_, &rest.minor_units_)) return std::unexpected(MoneyError::overflow);
  return rest;
}

std::expected<Money, MoneyError> Money::times(std::int64_t factor) const {
  Money product{currency_, 0};
  if (__builtin_mul_overflow(minor_units_, factor, &product.minor_units_)) return std::unexpected(MoneyError::overflow);
  return product;
}

std::string Money::to_string() const { return currency_.to_string() + " " + std::to_string(minor_units_); }

}  // namespace pkg::money
