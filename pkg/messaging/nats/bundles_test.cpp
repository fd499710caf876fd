// Bundles by way of a server.
#include <gtest/gtest.h>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/nats/raw_client.hpp"
#include "pkg/messaging/testing/collector.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging {
namespace {

using pkg::testing::NatsServer;
using pkg::testing::wait_until;
using std::chrono::milliseconds;
using testing::Collector;
using testing::make_message;

constexpr std::string_view channel = "mallbots.testing.events.Thing";

class Bundles : public ::testing::Test {
 protected:
  void SetUp() override {
    wait_until([&] { return broker_->is_connected(); }, "the broker is connected");
  }

  std::unique_ptr<Broker> connect() {
    NatsOptions options;
    options.url = server.url();
    options.name = "test";
    return create_nats_broker(options);
  }
  /// Each under a key of its own, and all of them confirmed.
  void publish_together(const std::vector<std::string>& payloads) {
    std::vector<Message> messages;
    for (const auto& payload : payloads) messages.push_back(make_message(channel, payload, payload));
    publish_together(messages);
  }
  void publish_together(const std::vector<Message>& messages) {
    std::atomic<std::size_t> stored = 0;
    broker().gather([&] {
      for (const auto& message : messages) {
        broker().publish(message, [&](PublishResult result) {
          EXPECT_TRUE(result);
          ++stored;
        });
      }
    });
    ASSERT_TRUE(wait_until([&] { return stored == messages.size(); }, "all are confirmed"));
  }
  std::uint64_t records() { return broker().state().value().last_sequence; }
  static SubscribeTo as_group(std::string_view group, milliseconds ack_wait = milliseconds{2000}) {
    return {.group = std::string(group), .channels = {std::string(channel)}, .window = 64, .ack_wait = ack_wait};
  }
  Broker& broker() { return *broker_; }

  NatsServer server;

 private:
  std::unique_ptr<Broker> broker_ = connect();
};

TEST_F(Bundles, AreOneRecord) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  publish_together({"a", "b", "c", "d", "e"});
  EXPECT_EQ(records(), 1U);
  ASSERT_TRUE(collector.wait_for(5, "the bundle's messages"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  const auto found = collector.deliveries();
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(found[i].sequence, found[0].sequence);
    EXPECT_EQ(found[i].part, i);
  }
}

TEST_F(Bundles, AreStoredOnceWhereTheSameComeAgain) {
  const std::vector<Message> messages{make_message(channel, "a"), make_message(channel, "b")};
  publish_together(messages);
  publish_together(messages);
  EXPECT_EQ(records(), 1U);
}

TEST_F(Bundles, ComeAgainWithoutWhatThisSubscriptionHasAcknowledged) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers", milliseconds{400}), collector.into());
  publish_together({"a", "b", "c"});
  ASSERT_TRUE(collector.wait_for(3, "the bundle's messages"));
  subscription->acknowledge(std::vector{collector.tags()[1]});
  ASSERT_TRUE(collector.wait_for(5, "the two that are not acknowledged"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"a", "b", "c", "a", "c"}));
  subscription->acknowledge(std::vector{collector.tags()[0], collector.tags()[4]});
  EXPECT_EQ(collector.count_after(milliseconds{800}), 5U) << "all is acknowledged";
}

TEST_F(Bundles, ComeWholeToTheNextSubscription) {
  {
    Collector collector;
    const auto subscription = broker().subscribe(as_group("readers"), collector.into());
    publish_together({"a", "b", "c"});
    ASSERT_TRUE(collector.wait_for(3, "the bundle's messages"));
    subscription->acknowledge(std::vector{collector.tags()[0], collector.tags()[2]});
  }
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  ASSERT_TRUE(collector.wait_for(3, "the whole bundle: the server knows of no part of it"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(Bundles, HaveWhatIsWantedPickedFromThem) {
  SubscribeTo what = as_group("choosy");
  what.types = {"mall.v1.Happened"};
  Collector collector;
  const auto subscription = broker().subscribe(what, collector.into());
  std::vector<Message> messages;
  for (const auto* type : {"mall.v1.Happened", "mall.v2.Happened", "mall.v1.Happened"}) {
    messages.push_back(make_message(channel, "key", type));
    messages.back().type = type;
  }
  publish_together(messages);
  EXPECT_EQ(records(), 1U);
  ASSERT_TRUE(collector.wait_for(2, "those that are wanted"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"mall.v1.Happened", "mall.v1.Happened"}));
  subscription->acknowledge(collector.tags());
  EXPECT_TRUE(wait_until(
      [&] {
        const auto positions = broker().positions(what.channels);
        return positions && positions->groups.size() == 1 && positions->groups[0].handled >= 1;
      },
      "what is not wanted is acknowledged with the rest"));
}

TEST_F(Bundles, ThatCannotBeReadAreDeliveredAsSuch) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  store_raw_message(server.url(), channel, std::vector<Header>{{"Bundle", "2"}}, "0 3\r\nabc\r\n");
  store_raw_message(server.url(), channel, std::vector<Header>{{"Bundle", "2"}}, "0 3\r\nabc\r\n5 1\r\nwhat?x\r\n");
  ASSERT_TRUE(collector.wait_for(3, "one that is broken, and two messages that are"));
  const auto found = collector.deliveries();
  for (const auto& each : found) EXPECT_NE(each.undecodable, "");
  EXPECT_NE(found[0].raw.find("0 3\r\nabc\r\n"), std::string::npos) << found[0].raw;
  EXPECT_NE(found[0].raw.find("Bundle: 2"), std::string::npos) << found[0].raw;
  EXPECT_EQ(found[1].raw, "\r\nabc");
  EXPECT_EQ(found[2].part, 1U);
  subscription->acknowledge(collector.tags());
}

TEST(SmallBundles, FitWhatTheServerTakes) {
  const std::filesystem::path config = std::filesystem::path(::testing::TempDir()) / ("small-" + std::to_string(getpid()) + ".conf");
  std::ofstream(config) << "max_payload: 3000\n";
  const NatsServer server({"-c", config.string()});
  std::filesystem::remove(config);
  NatsOptions options;
  options.url = server.url();
  const auto broker = create_nats_broker(options);
  ASSERT_TRUE(wait_until([&] { return broker->is_connected(); }, "the broker is connected"));
  std::atomic<int> stored = 0, refused = 0;
  broker->gather([&] {
    for (int i = 0; i < 6; ++i) {
      broker->publish(make_message(channel, std::to_string(i), std::string(i == 3 ? 3000 : 800, 'x')), [&](PublishResult result) {
        stored += result ? 1 : 0;
        refused += !result && result.error() == PublishFailure::refused ? 1 : 0;
      });
    }
  });
  EXPECT_TRUE(wait_until([&] { return stored == 5 && refused == 1; }, "all are stored but the one that is too large by itself"));
  EXPECT_LT(broker->state().value().last_sequence, 5U) << "some went together";
}

TEST_F(Bundles, AreAnsweredMessageByMessageWhereTheServerIsAway) {
  server.kill();
  std::atomic<int> unconfirmed = 0;
  ASSERT_TRUE(wait_until([&] { return !broker().is_connected(); }, "the broker knows"));
  broker().gather([&] {
    for (const auto* key : {"a", "b"}) {
      broker().publish(make_message(channel, key),
                       [&](PublishResult result) { unconfirmed += !result && result.error() == PublishFailure::unconfirmed ? 1 : 0; });
    }
  });
  EXPECT_EQ(unconfirmed, 2) << "each is told that the server is away";
}

}  // namespace
}  // namespace pkg::messaging
