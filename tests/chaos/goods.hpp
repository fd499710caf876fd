#pragma once
// What the mall of a run sells.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/chaos/caller.hpp"

namespace mall::chaos {

struct Product {
  std::string id = {};
  std::int64_t price = 0;  ///< in cents
  std::int64_t stock = 0;  ///< pieces at the start; unlimited where negative
};

struct Goods {
  std::vector<Product> products = {};  ///< plentiful ones first, neighbours in different stores; then the scarce ones
  std::size_t plentiful = 0;
  std::string bait = {};  ///< one more product, that nobody buys: its price goes up and up
  std::size_t scarce() const { return products.size() - plentiful; }
};

/// Opens three stores and fills them for so many orders; baskets knows of all of it when this returns. No faults fall yet.
Goods open_stores(Caller& owner, int orders);

}  // namespace mall::chaos
