#pragma once
// A metric whose labels are always the same ones, for where it is hot.

#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pkg/metrics/metrics.hpp"

namespace pkg::metrics {

/// What Counters, Gauges and Histograms give, by the values of labels whose names are known: finds a series with one lock and one hash of
/// the values, where with() of those builds and hashes a map of all labels. Safe from any thread.
template <class Metric>
class Series {
 public:
  using Handle = decltype(std::declval<const Metric&>().with({}));

  Series(Metric metric, std::vector<std::string> names) : metric_(std::move(metric)), names_(std::move(names)) {}

  /// As many values as there are names, in their order; none has a zero byte.
  Handle with(std::initializer_list<std::string_view> values) {
    const std::scoped_lock lock(mutex_);
    key_.clear();
    for (const auto value : values) key_.append(value).push_back('\0');
    if (const auto found = handles_.find(key_); found != handles_.end()) return found->second;
    Labels labels;
    for (auto name = names_.begin(); const auto value : values) labels.emplace(*name++, value);
    return handles_.emplace(key_, metric_.with(labels)).first->second;
  }

 private:
  const Metric metric_;
  const std::vector<std::string> names_;
  std::mutex mutex_;
  std::string key_;  ///< kept for its memory
  std::unordered_map<std::string, Handle> handles_;
};

}  // namespace pkg::metrics
