#pragma once
// One order of the ledger against what each service has of it.

#include <string>
#include <vector>

#include "tests/chaos/caller.hpp"
#include "tests/chaos/ledger.hpp"

namespace mall::chaos {

struct OrderCheck {
  std::vector<std::string> complaints;
  std::string state;                ///< ordering's; empty where there is no order
  std::string code;                 ///< of a rejection
  std::int64_t captured_cents = 0;  ///< of all its payments
};

/// Once, as things are now. `shopper` is whose order it is.
OrderCheck check_order(const OrderFacts& facts, Caller& shopper, Caller& an_operator);

}  // namespace mall::chaos
