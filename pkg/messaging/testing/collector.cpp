#include "pkg/messaging/testing/collector.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>
#include <utility>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging::testing {

Message make_message(std::string_view channel, std::string_view key, std::string_view payload) {
  const clock::SystemClock clock;
  Message message;
  message.id = ids::TimeOrderedIds(clock).next().to_string();
  message.type = "mallbots.testing.v1.ThingHappened";
  message.source = "/mallbots/testing";
  message.subject = key;
  message.channel = channel;
  message.key = key;
  message.time = clock.now();
  message.payload = payload;
  return message;
}

PublishResult publish_and_wait(Broker& broker, const Message& message) {
  // shared with the broker: its answer may come after this function has given up
  const auto answer = std::make_shared<std::promise<PublishResult>>();
  auto result = answer->get_future();
  broker.publish(message, [answer](PublishResult outcome) { answer->set_value(outcome); });
  if (result.wait_for(std::chrono::seconds{5}) != std::future_status::ready) {
    ADD_FAILURE() << "publishing to " << message.channel << " was not answered in 5 s";
    return std::unexpected(PublishFailure::unconfirmed);
  }
  return result.get();
}

Stored publish_until_stored(Broker& broker, const Message& message) {
  Stored stored;
  pkg::testing::wait_until(
      [&] {
        const auto result = publish_and_wait(broker, message);
        if (result) stored = *result;
        return result.has_value();
      },
      "the broker's confirmation of a message");
  return stored;
}

Broker::OnDelivery Collector::into() {
  return [this](Delivery delivery) {
    {
      const std::scoped_lock lock(mutex_);
      deliveries_.push_back(std::move(delivery));
    }
    came_.notify_all();
  };
}

bool Collector::wait_for(std::size_t count, std::string_view what, std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  if (came_.wait_for(lock, limit, [&] { return deliveries_.size() >= count; })) return true;
  ADD_FAILURE() << "waited " << limit.count() << " ms in vain for " << count << " deliveries (" << what << "), got " << deliveries_.size();
  return false;
}

std::size_t Collector::count_after(std::chrono::milliseconds quiet) const {
  std::unique_lock lock(mutex_);
  std::size_t seen = deliveries_.size();
  while (came_.wait_for(lock, quiet, [&] { return deliveries_.size() > seen; })) seen = deliveries_.size();
  return seen;
}

std::vector<Delivery> Collector::deliveries() const {
  const std::scoped_lock lock(mutex_);
  return deliveries_;
}

std::vector<std::string> Collector::payloads() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> payloads;
  for (const auto& delivery : deliveries_) payloads.push_back(delivery.message.payload);
  return payloads;
}

std::vector<std::uint64_t> Collector::tags() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::uint64_t> tags;
  for (const auto& delivery : deliveries_) tags.push_back(delivery.tag);
  return tags;
}

}  // namespace pkg::messaging::testing
