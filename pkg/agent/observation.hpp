#pragma once
// What operators see of a service: calls and messages as metrics, failures in the log, its condition for the probes.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <set>
#include <string>

#include "pkg/log/logger.hpp"
#include "pkg/messaging/messaging_listener.hpp"
#include "pkg/metrics/metrics.hpp"
#include "pkg/metrics/series.hpp"
#include "pkg/rpc/invoke.hpp"

namespace pkg::agent {

/// Counts every call once, and logs those that failed through no fault of the caller's.
rpc::Observer observe_calls(metrics::Registry& registry, log::Logger log);

/// Counts every message and logs what went wrong with one; knows which parts are away.
class MessagingObservation final : public messaging::MessagingListener {
 public:
  MessagingObservation(metrics::Registry& registry, log::Logger log);

  void handled(const messaging::Message& message, messaging::Handling handling) override;
  void took(messaging::Hop hop, std::chrono::nanoseconds time) override;
  void handled_together(std::size_t messages) override;
  void failed(const messaging::Message& message, std::string_view why) override;
  void reaches(std::string_view who, std::string_view what, bool well) override;
  void noted(std::string_view who, std::string_view what) override;

  /// True while a part of messaging cannot reach the database.
  bool misses_database() const;

 private:
  log::Logger log_;
  metrics::Series<metrics::Counters> handled_;
  metrics::Histogram publish_, broker_, queue_, handler_;  ///< by hop
  metrics::Histogram batch_;
  mutable std::mutex mutex_;
  std::set<std::string> without_database_;  ///< the parts that miss it
};

}  // namespace pkg::agent
