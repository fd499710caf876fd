#pragma once
// Counters, gauges and histograms for Prometheus. Handles are small values; they must not outlive their registry. Everything is
// safe to call from any thread. Names and labels follow https://prometheus.io/docs/practices/naming; a name that breaks the rules
// of the exposition format, or one name for two kinds, is a mistake in the program and stops it.

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
template <typename T>
class Family;
}  // namespace prometheus

namespace pkg::metrics {

/// Values must come from a small set: a label with an id in it makes a series per id.
using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
  void add(std::uint64_t by = 1) const;
  void add_seconds(std::chrono::nanoseconds time) const;
  double value() const;

 private:
  prometheus::Counter* counter_;
};

class Gauge {
 public:
  explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
  void set(double value) const;
  void add(double by) const;  ///< may be negative
  double value() const;

 private:
  prometheus::Gauge* gauge_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
  void observe(double value) const;
  void observe(std::chrono::nanoseconds time) const;  ///< in seconds, as Prometheus wants it

 private:
  prometheus::Histogram* histogram_;
};

/// Upper limits in seconds from 1 ms to 10 s, 1-2-5.
std::vector<double> latency_buckets();
/// Upper limits in seconds from 10 µs to 10 s, 1-2-5: for parts of what takes a few milliseconds.
std::vector<double> hop_buckets();
/// Powers of two from 1 to 512: how many were handled together.
std::vector<double> batch_buckets();

/// One metric with several label sets. with() makes a series on its first use and finds it afterwards (a lock and a hash): keep the
/// handle where it is hot.
class Counters {
 public:
  explicit Counters(prometheus::Family<prometheus::Counter>& family) : family_(&family) {}
  Counter with(const Labels& labels) const;

 private:
  prometheus::Family<prometheus::Counter>* family_;
};

class Gauges {
 public:
  explicit Gauges(prometheus::Family<prometheus::Gauge>& family) : family_(&family) {}
  Gauge with(const Labels& labels) const;

 private:
  prometheus::Family<prometheus::Gauge>* family_;
};

class Histograms {
 public:
  Histograms(prometheus::Family<prometheus::Histogram>& family, std::vector<double> buckets)
      : family_(&family), buckets_(std::move(buckets)) {}
  Histogram with(const Labels& labels) const;

 private:
  prometheus::Family<prometheus::Histogram>* family_;
  std::vector<double> buckets_;
};

class Registry {
 public:
  /// The constant labels stand on every series made here, those of the process excepted.
  explicit Registry(Labels constant_labels = {});
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Asking twice for the same name gives the same metric.
  Counters counters(std::string_view name, std::string_view help);
  Gauges gauges(std::string_view name, std::string_view help);
  Histograms histograms(std::string_view name, std::string_view help, std::vector<double> buckets = latency_buckets());

  /// With no labels, or with the same ones for ever.
  Counter counter(std::string_view name, std::string_view help, const Labels& labels = {}) { return counters(name, help).with(labels); }
  Gauge gauge(std::string_view name, std::string_view help, const Labels& labels = {}) { return gauges(name, help).with(labels); }
  Histogram histogram(std::string_view name, std::string_view help, std::vector<double> buckets = latency_buckets(),
                      const Labels& labels = {}) {
    return histograms(name, help, std::move(buckets)).with(labels);
  }

  /// What GET /metrics answers, the process's own metrics included, as `exposition_type`.
  std::string exposition() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

inline constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace pkg::metrics
