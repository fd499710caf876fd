#pragma once
// What a run took.

#include <map>
#include <string>
#include <vector>

#include "tests/chaos/fault_runner.hpp"
#include "tests/chaos/ledger.hpp"

namespace mall::chaos {

struct Spread {
  std::size_t count = 0;
  Millis p50 = 0, p99 = 0, most = 0;
};
Spread spread_of(std::vector<Millis> values);

struct Figures {
  Spread decision;  ///< from the checkout's acknowledgement to ordering's decision
  /// For each killed service and each order that was on its way then, or was checked out within the second after: from the kill (or from
  /// the request to check out, where that came later) to the decision.
  std::map<std::string, Spread> stalls;  ///< by service
  Spread stall;                          ///< all of them
  Millis slowest_after_last_fault = 0;   ///< of the orders acknowledged before it; 0 where none was undecided then
};

Figures figures_of(const std::vector<OrderFacts>& ledger, const std::vector<Hit>& hits, Millis last_fault);

}  // namespace mall::chaos
