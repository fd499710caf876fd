#include "pkg/agent/observation.hpp"

#include <memory>
#include <utility>

namespace pkg::agent {
namespace {

std::string_view word(messaging::Handling handling) {
  using messaging::Handling;
  switch (handling) {
    case Handling::handled: return "handled";
    case Handling::unwanted: return "unwanted";
    case Handling::doubled: return "doubled";
    case Handling::parked: return "parked";
    case Handling::queued: return "queued";
    case Handling::recovered: return "recovered";
    case Handling::dead: return "dead";
  }
  std::unreachable();
}

metrics::Histogram hop(metrics::Registry& registry, std::string_view name) {
  return registry.histogram(
      "mallbots_hop_seconds",
      "Where a message's time goes: publish (commit to confirmation), broker, queue, handler (a batch, with its commit).",
      metrics::hop_buckets(), {{"hop", std::string(name)}});
}

struct CallSeries {
  explicit CallSeries(metrics::Registry& registry)
      : calls(registry.counters("mallbots_calls_total", "Calls that were answered, by their outcome: ok or the error's code."),
              {"transport", "method", "outcome"}),
        seconds(registry.histograms("mallbots_call_seconds", "How long calls took."), {"transport", "method"}) {}

  metrics::Series<metrics::Counters> calls;
  metrics::Series<metrics::Histograms> seconds;
};

bool is_our_trouble(errors::ErrorKind kind) {
  return kind == errors::ErrorKind::internal || kind == errors::ErrorKind::unavailable || kind == errors::ErrorKind::contended;
}

}  // namespace

rpc::Observer observe_calls(metrics::Registry& registry, log::Logger log) {
  const auto series = std::make_shared<CallSeries>(registry);  // shared by the copies of the observer
  return [series, log = std::move(log)](const rpc::Finished& finished) {
    const std::string& method = finished.method.name();
    const std::string_view transport = finished.transport;
    series->calls.with({transport, method, finished.error ? std::string_view(finished.error->code) : "ok"}).add();
    series->seconds.with({transport, method}).observe(finished.took);
    if (finished.error == nullptr || !is_our_trouble(finished.error->kind)) return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(finished.took).count();
    log.error("a call failed", *finished.error,
              {{"method", method}, {"transport", transport}, {"ms", ms}, {"correlationId", finished.call.cause.correlation_id}});
  };
}

MessagingObservation::MessagingObservation(metrics::Registry& registry, log::Logger log)
    : log_(std::move(log)),
      handled_(registry.counters("mallbots_messages_total", "Messages that reached the service, by what became of them."),
               {"channel", "type", "outcome"}),
      publish_(hop(registry, "publish")),
      broker_(hop(registry, "broker")),
      queue_(hop(registry, "queue")),
      handler_(hop(registry, "handler")),
      batch_(registry.histogram("mallbots_batch_messages", "How many messages were handled together.", metrics::batch_buckets())) {}

void MessagingObservation::took(messaging::Hop hop, std::chrono::nanoseconds time) {
  switch (hop) {
    case messaging::Hop::publish: return publish_.observe(time);
    case messaging::Hop::broker: return broker_.observe(time);
    case messaging::Hop::queue: return queue_.observe(time);
    case messaging::Hop::handler: return handler_.observe(time);
  }
}

void MessagingObservation::handled_together(std::size_t messages) { batch_.observe(static_cast<double>(messages)); }

void MessagingObservation::handled(const messaging::Message& message, messaging::Handling handling) {
  handled_.with({message.channel, message.type, word(handling)}).add();
  if (handling == messaging::Handling::dead) {
    log_.error("a message is dead and waits for an operator", {{"messageId", message.id}, {"type", message.type}, {"key", message.key}});
  }
}

void MessagingObservation::failed(const messaging::Message& message, std::string_view why) {
  log_.warn(
      "a message failed",
      {{"messageId", message.id}, {"type", message.type}, {"key", message.key}, {"why", why}, {"correlationId", message.correlation_id}});
}

void MessagingObservation::reaches(std::string_view who, std::string_view what, bool well) {
  if (what == messaging::the_database) {
    const std::scoped_lock lock(mutex_);
    if (well) {
      without_database_.erase(std::string(who));
    } else {
      without_database_.emplace(who);
    }
  }
  if (well) {
    log_.info("messaging goes on", {{"part", who}, {"reaches", what}});
  } else {
    log_.warn("messaging waits", {{"part", who}, {"for", what}});
  }
}

void MessagingObservation::noted(std::string_view who, std::string_view what) { log_.info("messaging", {{"part", who}, {"what", what}}); }

bool MessagingObservation::misses_database() const {
  const std::scoped_lock lock(mutex_);
  return !without_database_.empty();
}

}  // namespace pkg::agent
