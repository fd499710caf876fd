#pragma once
// What a shopper is going to do for one order: all of it follows from the seed and the order's number.

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace mall::chaos {

enum class PlanKind : std::uint8_t {
  plain,           ///< ordered, picked, paid
  scarce,          ///< wants some of what there is too little of for everybody
  too_small,       ///< the payment is a cent short
  used_payment,    ///< the payment has paid an earlier order of the shopper's
  declined,        ///< the first payment is declined, the second one taken
  flaky,           ///< the gateway is away at first
  capture_fails,   ///< the gateway refuses at the end, and an operator cancels the invoice
  canceled,        ///< canceled at some moment
  checkout_twice,  ///< checked out again after it was acknowledged
};

std::string_view name_of(PlanKind kind);

struct Plan {
  int number = 0;
  PlanKind kind = PlanKind::plain;
  std::vector<std::pair<std::size_t, int>> lines = {};  ///< position among the goods, quantity; each of the goods once
  std::chrono::milliseconds cancel_after{0};            ///< after the checkout
};

/// The plentiful goods come first, then the scarce ones. Neighbours among the plentiful are of different stores.
Plan make_plan(std::uint64_t seed, int number, std::size_t plentiful, std::size_t scarce);

}  // namespace mall::chaos
