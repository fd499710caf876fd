#include "notifications/internal/domain/amounts.hpp"

#include <array>
#include <string_view>

namespace notifications::domain {
namespace {

// ISO 4217, column "minor unit": all that is not 2.
struct Decimals {
  std::string_view currency;
  std::size_t count;
};
constexpr std::array exceptions{
    Decimals{"BIF", 0}, Decimals{"CLP", 0}, Decimals{"DJF", 0}, Decimals{"GNF", 0}, Decimals{"ISK", 0}, Decimals{"JPY", 0},
    Decimals{"KMF", 0}, Decimals{"KRW", 0}, Decimals{"PYG", 0}, Decimals{"RWF", 0}, Decimals{"UGX", 0}, Decimals{"UYI", 0},
    Decimals{"VND", 0}, Decimals{"VUV", 0}, Decimals{"XAF", 0}, Decimals{"XOF", 0}, Decimals{"XPF", 0}, Decimals{"BHD", 3},
    Decimals{"IQD", 3}, Decimals{"JOD", 3}, Decimals{"KWD", 3}, Decimals{"LYD", 3}, Decimals{"OMR", 3}, Decimals{"TND", 3},
    Decimals{"CLF", 4}, Decimals{"UYW", 4},
};

std::size_t decimals_of(std::string_view currency) {
  for (const auto& exception : exceptions) {
    if (exception.currency == currency) return exception.count;
  }
  return 2;
}

}  // namespace

std::string to_text(const pkg::money::Money& amount) {
  const auto currency = amount.currency().to_string();
  const auto decimals = decimals_of(currency);
  const bool is_negative = amount.minor_units() < 0;
  // Unsigned, because the least value has no positive counterpart.
  const auto bits = static_cast<std::uint64_t>(amount.minor_units());
  std::string digits = std::to_string(is_negative ? ~bits + 1 : bits);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  if (decimals > 0) digits.insert(digits.size() - decimals, 1, '.');
  return (is_negative ? "-" : "") + digits + " " + currency;
}

}  // namespace notifications::domain
