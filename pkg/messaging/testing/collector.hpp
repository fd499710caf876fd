#pragma once
// What a test needs around a broker: messages, a place where deliveries gather, publishing that waits.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/broker.hpp"

namespace pkg::messaging::testing {

/// A good message under a new id; its payload is `payload`.
Message make_message(std::string_view channel, std::string_view key, std::string_view payload = "payload");

/// Publishes and waits for the answer; the test fails if none comes in five seconds.
PublishResult publish_and_wait(Broker& broker, const Message& message);

/// Publishes until it is confirmed, as a relay does after a disturbance; the test fails after ten seconds.
Stored publish_until_stored(Broker& broker, const Message& message);

/// Gathers what a subscription delivers. Must outlive the subscription.
class Collector {
 public:
  /// For Broker::subscribe.
  Broker::OnDelivery into();

  /// Waits until at least so many have come; the test fails, naming `what`, when they do not.
  bool wait_for(std::size_t count, std::string_view what, std::chrono::milliseconds limit = std::chrono::seconds{10}) const;
  /// How many have come once nothing came for `quiet`.
  std::size_t count_after(std::chrono::milliseconds quiet) const;

  std::vector<Delivery> deliveries() const;
  std::vector<std::string> payloads() const;
  std::vector<std::uint64_t> tags() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable came_;
  std::vector<Delivery> deliveries_;
};

}  // namespace pkg::messaging::testing
