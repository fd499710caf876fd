#pragma once
// How the mall's figures change with what it has taken in before.

#include <map>
#include <string>
#include <vector>

#include "bench/approvals.hpp"
#include "bench/load.hpp"
#include "tests/mall/running_mall.hpp"

namespace mall::bench {

/// What the nine databases have.
struct Size {
  double events = 0;    ///< of all event-sourced aggregates
  double products = 0, open_baskets = 0, orders = 0;
  double mib = 0;
};

struct Grown {
  Size size;
  Spread idle;  ///< one order at a time, from the checkout to the approval
  Closed load;
};

Size size_of(const testing::RunningMall& mall);

/// So many copies of what the nine databases have: every store, product, basket and order again under other ids. They are numbered from
/// `first`, which has to be above the numbers of earlier copies. What is under way has to be over, or it is done as often. People, who
/// have names, and robots are not copied.
void multiply(const testing::RunningMall& mall, int first, int copies);

/// Measures at each size, which are numbers of events in ascending order; what is there already is not made less.
std::vector<Grown> measure_growth(const testing::RunningMall& mall, const Crowd& crowd, Approvals& approvals, const Meter& meter,
                                  const std::vector<double>& sizes, int buyers, std::chrono::milliseconds window);

}  // namespace mall::bench
