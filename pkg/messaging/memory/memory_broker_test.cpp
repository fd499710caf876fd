#include "pkg/messaging/memory/memory_broker.hpp"

#include <gtest/gtest.h>

#include "pkg/messaging/testing/broker_conformance.hpp"

namespace pkg::messaging {
namespace {

using testing::BrokerConformance;
using testing::BrokerFixture;
using testing::Collector;
using testing::make_message;
using testing::publish_and_wait;

class MemoryFixture final : public BrokerFixture {
 public:
  Broker& broker() override { return *broker_; }
  void destroy_broker() override { broker_.reset(); }
  void take_away() override { broker_->set_available(false); }
  void bring_back() override { broker_->set_available(true); }
  void wipe() override { broker_->wipe(); }
  void store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) override {
    broker_->store_raw(channel, std::move(headers), std::move(payload));
  }

 private:
  std::unique_ptr<MemoryBroker> broker_ = std::make_unique<MemoryBroker>();
};

std::unique_ptr<BrokerFixture> make_memory_fixture() { return std::make_unique<MemoryFixture>(); }

INSTANTIATE_TEST_SUITE_P(Memory, BrokerConformance, ::testing::Values(&make_memory_fixture), testing::in_conformance);

constexpr std::string_view channel = "mallbots.testing.events.Thing";

TEST(MemoryBroker, StoresWhatItIsToldNotToConfirm) {
  MemoryBroker broker;
  broker.lose_next_confirmations(1);
  const Message message = make_message(channel, "key");
  EXPECT_EQ(publish_and_wait(broker, message), PublishResult(std::unexpected(PublishFailure::unconfirmed)));
  EXPECT_EQ(broker.stored(channel), std::vector{message});
  const auto again = publish_and_wait(broker, message);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->duplicate);
}

TEST(MemoryBroker, RefusesOnDemand) {
  MemoryBroker broker;
  broker.refuse_next(1);
  EXPECT_EQ(publish_and_wait(broker, make_message(channel, "key")), PublishResult(std::unexpected(PublishFailure::refused)));
  EXPECT_TRUE(publish_and_wait(broker, make_message(channel, "key")));
  EXPECT_EQ(broker.stored(channel).size(), 1U);
}

TEST(MemoryBroker, DeliversAgainWhenAClockMovedByHandSaysSo) {
  clock::ManualClock clock;
  MemoryBroker broker({.clock = &clock});
  Collector collector;
  const auto subscription = broker.subscribe(
      {.group = "readers", .channels = {std::string(channel)}, .window = 1, .ack_wait = std::chrono::milliseconds{5000}}, collector.into());
  ASSERT_TRUE(publish_and_wait(broker, make_message(channel, "key")));
  ASSERT_TRUE(collector.wait_for(1, "the first delivery"));
  clock.advance(std::chrono::milliseconds{4999});
  broker.look_at_clock();
  EXPECT_EQ(collector.count_after(std::chrono::milliseconds{20}), 1U);
  clock.advance(std::chrono::milliseconds{1});
  broker.look_at_clock();
  EXPECT_TRUE(collector.wait_for(2, "the second delivery"));
}

TEST(MemoryBroker, MayEndBeforeItsSubscriptions) {
  auto broker = std::make_unique<MemoryBroker>();
  Collector collector;
  const auto subscription = broker->subscribe({.group = "readers", .channels = {std::string(channel)}}, collector.into());
  broker.reset();
  subscription->acknowledge(std::vector<std::uint64_t>{1});
}

}  // namespace
}  // namespace pkg::messaging
