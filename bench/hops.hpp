#pragma once
// Where the time of messages goes, from the services' own histograms.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/mall/running_mall.hpp"

namespace mall::bench {

/// A histogram as Prometheus has it: by upper limits in seconds, how many were not above.
struct Histogram {
  std::map<double, double> up_to;
  double sum = 0;

  double count() const { return up_to.empty() ? 0 : up_to.rbegin()->second; }
  double mean() const { return count() == 0 ? 0 : sum / count(); }
  /// Within a bucket as if its values were spread evenly.
  double quantile(double share) const;
};

Histogram operator-(const Histogram& after, const Histogram& before);

/// All services together: "publish", "broker", "queue", "handler", and "batch" by messages.
using Hops = std::map<std::string, Histogram>;

Hops read_hops(const testing::RunningMall& mall);
Hops operator-(const Hops& after, const Hops& before);

/// What a service exposes.
std::string read_metrics(const testing::RunningMall& mall, const std::string& service);
/// A gauge's or counter's value in it, of the first series of that name.
double figure_in(const std::string& exposition, std::string_view name);

/// Adds what one service's exposition says of them.
void add_hops(const std::string& exposition, Hops& into);

}  // namespace mall::bench
