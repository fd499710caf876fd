#pragma once
// Holds what the mall acknowledged against what it has, over its API, once no more faults fall.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/chaos/goods.hpp"
#include "tests/chaos/ledger.hpp"

namespace mall::chaos {

struct Checked {
  int orders = 0;                     ///< that were looked at, one by one
  std::map<std::string, int> states;  ///< orders by their state
  std::map<std::string, int> rejections;
  std::int64_t sold_cents = 0;      ///< totals of completed orders, as the clients computed them
  std::int64_t captured_cents = 0;  ///< what payments says was taken for them
  std::vector<std::string> findings;
};

/// Lost, doubled or wrong. What is still on its way is waited for, each thing up to half a minute. `owner` and `an_operator` are signed in.
Checked check(const std::vector<OrderFacts>& ledger, const Goods& goods, const Ports& ports, Run& run, Caller& an_operator,
              const std::string& password);

}  // namespace mall::chaos
