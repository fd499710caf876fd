#pragma once

#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace mall::testing {

/// What is left with a burden of what is done without it, in per cent, by several measurements.
class Share {
 public:
  /// By how many times more is done without it.
  void add(double ratio) { logarithms_.push_back(-std::log(ratio)); }
  std::size_t size() const { return logarithms_.size(); }
  double mean() const { return percent(0); }
  double least() const { return percent(-2); }
  double most() const { return percent(2); }

 private:
  /// So many standard errors from the mean.
  double percent(double errors) const {
    const auto count = static_cast<double>(size());
    const double mean = std::accumulate(logarithms_.begin(), logarithms_.end(), 0.0) / count;
    double squares = 0;
    for (const double each : logarithms_) squares += (each - mean) * (each - mean);
    return 100 * std::exp(mean + errors * std::sqrt(squares) / count);
  }
  std::vector<double> logarithms_;
};

}  // namespace mall::testing
