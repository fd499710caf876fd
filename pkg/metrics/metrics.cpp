#include "pkg/metrics/metrics.hpp"

#include <fmt/core.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cstdlib>

#include "pkg/metrics/process_metrics.hpp"

namespace pkg::metrics {
namespace {

/// prometheus-cpp throws on names that the format does not allow and on one name for two kinds: mistakes in the program.
template <class Make>
decltype(auto) or_stop(std::string_view name, Make make) {
  try {
    return make();
  } catch (const std::exception& mistake) {
    fmt::print(stderr, "metric {}: {}\n", name, mistake.what());
    std::abort();
  }
}

double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

void Counter::add(std::uint64_t by) const { counter_->Increment(static_cast<double>(by)); }
void Counter::add_seconds(std::chrono::nanoseconds time) const { counter_->Increment(in_seconds(time)); }
double Counter::value() const { return counter_->Value(); }

void Gauge::set(double value) const { gauge_->Set(value); }
void Gauge::add(double by) const { gauge_->Increment(by); }
double Gauge::value() const { return gauge_->Value(); }

void Histogram::observe(double value) const { histogram_->Observe(value); }
void Histogram::observe(std::chrono::nanoseconds time) const { histogram_->Observe(in_seconds(time)); }

std::vector<double> hop_buckets() {
  std::vector<double> limits{0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005};
  for (const auto limit : latency_buckets()) limits.push_back(limit);
  return limits;
}
std::vector<double> latency_buckets() { return {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10}; }
std::vector<double> batch_buckets() { return {1, 2, 4, 8, 16, 32, 64, 128, 256, 512}; }

Counter Counters::with(const Labels& labels) const {
  return or_stop(family_->GetName(), [&] { return Counter(family_->Add(labels)); });
}

Gauge Gauges::with(const Labels& labels) const {
  return or_stop(family_->GetName(), [&] { return Gauge(family_->Add(labels)); });
}

Histogram Histograms::with(const Labels& labels) const {
  return or_stop(family_->GetName(), [&] { return Histogram(family_->Add(labels, buckets_)); });
}

struct Registry::Parts {
  Labels constant_labels;
  // Merge: asking twice for a name gives the same family.
  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
};

Registry::Registry(Labels constant_labels) : parts_(std::make_unique<Parts>()) { parts_->constant_labels = std::move(constant_labels); }
Registry::~Registry() = default;

Counters Registry::counters(std::string_view name, std::string_view help) {
  return or_stop(name, [&] {
    return Counters(prometheus::BuildCounter()
                        .Name(std::string(name))
                        .Help(std::string(help))
                        .Labels(parts_->constant_labels)
                        .Register(parts_->registry));
  });
}

Gauges Registry::gauges(std::string_view name, std::string_view help) {
  return or_stop(name, [&] {
    return Gauges(prometheus::BuildGauge()
                      .Name(std::string(name))
                      .Help(std::string(help))
                      .Labels(parts_->constant_labels)
                      .Register(parts_->registry));
  });
}

Histograms Registry::histograms(std::string_view name, std::string_view help, std::vector<double> buckets) {
  return or_stop(name, [&] {
    auto& family = prometheus::BuildHistogram()
                       .Name(std::string(name))
                       .Help(std::string(help))
                       .Labels(parts_->constant_labels)
                       .Register(parts_->registry);
    return Histograms(family, std::move(buckets));
  });
}

std::string Registry::exposition() const {
  return prometheus::TextSerializer().Serialize(parts_->registry.Collect()) + process_exposition(read_process());
}

}  // namespace pkg::metrics
