#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/testing/collector.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging {
namespace {

using pkg::testing::wait_until;
using testing::Collector;
using testing::make_message;
using Clock = std::chrono::steady_clock;

constexpr std::string_view channel = "mallbots.testing.events.Thing";

SubscribeTo as_group(std::string_view group) {
  return {.group = std::string(group), .channels = {std::string(channel)}, .window = 1024, .ack_wait = std::chrono::seconds{5}};
}

double microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

double median(std::vector<double> of) {
  std::ranges::sort(of);
  return of[of.size() / 2];
}

void print_latency(Broker& broker) {
  std::vector<double> confirmed;
  std::vector<double> delivered;
  Collector collector;
  const auto subscription = broker.subscribe(as_group("readers"), collector.into());
  for (std::size_t i = 1; i <= 500; ++i) {
    const Message message = make_message(channel, "key", std::string(200, 'x'));
    const auto start = Clock::now();
    ASSERT_TRUE(testing::publish_and_wait(broker, message));
    confirmed.push_back(microseconds(Clock::now() - start));
    ASSERT_TRUE(collector.wait_for(i, "a delivery"));
    delivered.push_back(microseconds(Clock::now() - start));
    subscription->acknowledge(std::vector{collector.tags().back()});
  }
  std::printf("publish to confirmation p50 %.0f us, to delivery p50 %.0f us\n", median(confirmed), median(delivered));
}

void print_publishing_rate(Broker& broker, int count) {
  constexpr int in_flight = 512;
  std::vector<Message> messages;
  for (int i = 0; i < count; ++i) messages.push_back(make_message(channel, "key", std::string(200, 'x')));
  std::atomic<int> done = 0;
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) {
    while (i - done >= in_flight) std::this_thread::yield();
    broker.publish(messages[static_cast<std::size_t>(i)], [&](PublishResult result) { done += result ? 1 : 0; });
  }
  ASSERT_TRUE(wait_until([&] { return done == count; }, "all are confirmed", std::chrono::seconds{30}));
  std::printf("asynchronous publishing, %d in flight: %.0f a second\n", in_flight, count / (microseconds(Clock::now() - start) / 1e6));
}

void print_reading_rate(Broker& broker, int count) {
  std::atomic<int> received = 0;
  std::mutex mutex;
  std::vector<std::uint64_t> tags;
  std::unique_ptr<Subscription> subscription;  // ends first: until then deliveries come
  const auto start = Clock::now();
  {
    const std::scoped_lock lock(mutex);
    subscription = broker.subscribe(as_group("late"), [&](Delivery delivery) {
      const std::scoped_lock inner(mutex);
      tags.push_back(delivery.tag);
      if (tags.size() >= 50) {
        subscription->acknowledge(tags);
        tags.clear();
      }
      ++received;
    });
  }
  ASSERT_TRUE(wait_until([&] { return received >= count; }, "all are read", std::chrono::seconds{30}));
  std::printf("reading, acknowledged by fifties: %.0f a second\n", count / (microseconds(Clock::now() - start) / 1e6));
}

/// Printed, not judged: what a message costs here.
TEST(NatsBrokerFigures, ArePrinted) {
  const pkg::testing::NatsServer server;
  NatsOptions options;
  options.url = server.url();
  const auto broker = create_nats_broker(options);
  ASSERT_TRUE(wait_until([&] { return broker->is_connected(); }, "the broker is connected"));
  constexpr int count = 20'000;
  print_latency(*broker);
  print_publishing_rate(*broker, count);
  print_reading_rate(*broker, count);
}

}  // namespace
}  // namespace pkg::messaging
