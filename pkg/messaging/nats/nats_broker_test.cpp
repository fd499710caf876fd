// What only this broker can do, or suffer.
#include "pkg/messaging/nats/nats_broker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>

#include "pkg/messaging/cloud_event.hpp"
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
using testing::publish_and_wait;
using testing::publish_until_stored;
using Clock = std::chrono::steady_clock;

constexpr std::string_view channel = "mallbots.testing.events.Thing";

NatsOptions options_for(const NatsServer& server) {
  NatsOptions options;
  options.url = server.url();
  options.name = "test";
  return options;
}

std::unique_ptr<Broker> connected(NatsOptions options) {
  auto broker = create_nats_broker(std::move(options));
  wait_until([&] { return broker->is_connected(); }, "the broker is connected");
  return broker;
}

SubscribeTo as_group(std::string_view group, std::size_t window = 64) {
  return {.group = std::string(group), .channels = {std::string(channel)}, .window = window, .ack_wait = milliseconds{2000}};
}

TEST(NatsBroker, IsMadeAtOnceAndConnectsWhenTheServerComes) {
  NatsServer server;
  server.stop();
  const auto start = Clock::now();
  const auto broker = create_nats_broker(options_for(server));
  EXPECT_EQ(publish_and_wait(*broker, make_message(channel, "key")), PublishResult(std::unexpected(PublishFailure::unconfirmed)));
  EXPECT_LT(Clock::now() - start, milliseconds{1500});
  Collector collector;
  const auto subscription = broker->subscribe(as_group("early"), collector.into());
  server.start();
  publish_until_stored(*broker, make_message(channel, "key", "first"));
  EXPECT_TRUE(collector.wait_for(1, "the first message of a server that came late"));
}

TEST(NatsBroker, EndsWhileTheServerIsAway) {
  NatsServer server;
  server.stop();
  const auto start = Clock::now();
  create_nats_broker(options_for(server)).reset();
  EXPECT_LT(Clock::now() - start, milliseconds{2500});
}

TEST(NatsBroker, KeepsAPullOpenWhenNothingComesForLong) {
  NatsServer server;
  NatsOptions options = options_for(server);
  options.pull_expiry = milliseconds{100};
  const auto broker = connected(options);
  Collector collector;
  const auto subscription = broker->subscribe(as_group("readers", 4), collector.into());
  std::vector<std::string> sent;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(collector.count_after(milliseconds{70}), sent.size());
    sent.push_back(std::to_string(i));
    const auto start = Clock::now();
    ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", sent.back())));
    ASSERT_TRUE(collector.wait_for(sent.size(), "a message after idle time"));
    EXPECT_LT(Clock::now() - start, milliseconds{500});
    subscription->acknowledge(std::vector{collector.tags().back()});
  }
  EXPECT_EQ(collector.payloads(), sent);
}

TEST(NatsBroker, MakesADeletedConsumerAgain) {
  NatsServer server;
  const auto broker = connected(options_for(server));
  Collector collector;
  const auto subscription = broker->subscribe(as_group("readers"), collector.into());
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", "one")));
  ASSERT_TRUE(collector.wait_for(1, "the first"));
  subscription->acknowledge(collector.tags());
  ask_server(server.url(), "$JS.API.CONSUMER.DELETE.mallbots.readers");
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", "two")));
  // The position was lost with it, so the history comes again; the inbox of a service makes that harmless.
  ASSERT_TRUE(collector.wait_for(3, "the history and the second"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"one", "one", "two"}));
}

TEST(NatsBroker, MakesADeletedStreamAgainAndSaysSo) {
  NatsServer server;
  std::mutex mutex;
  std::vector<bool> heard;
  const auto broker = connected(options_for(server));
  broker->on_connection([&](bool is_connected) {
    const std::scoped_lock lock(mutex);
    heard.push_back(is_connected);
  });
  Collector collector;
  const auto subscription = broker->subscribe(as_group("readers"), collector.into());
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", "one")));
  ASSERT_TRUE(collector.wait_for(1, "the first"));
  const auto before = broker->state();
  ask_server(server.url(), "$JS.API.STREAM.DELETE.mallbots");
  publish_until_stored(*broker, make_message(channel, "key", "two"));
  EXPECT_TRUE(collector.wait_for(2, "the message of the new stream"));
  const auto after = broker->state();
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->identity, after->identity);
  EXPECT_EQ(after->last_sequence, 1U);
  wait_until(
      [&] {
        const std::scoped_lock lock(mutex);
        return heard == std::vector<bool>{false, true};
      },
      "the listener hears of a new stream");
}

TEST(NatsBroker, IsUnconfirmedInTimeWhileTheServerStandsStill) {
  NatsServer server;
  NatsOptions options = options_for(server);
  options.publish_timeout = milliseconds{200};
  const auto broker = connected(options);
  server.pause();
  const auto start = Clock::now();
  EXPECT_EQ(publish_and_wait(*broker, make_message(channel, "key")), PublishResult(std::unexpected(PublishFailure::unconfirmed)));
  const auto waited = Clock::now() - start;
  EXPECT_GE(waited, milliseconds{200});
  EXPECT_LT(waited, milliseconds{1500});
  server.resume();
  publish_until_stored(*broker, make_message(channel, "key"));
}

TEST(NatsBroker, SendsTheRestOfWhatTheSocketDidNotTakeWhenItDoes) {
  NatsServer server;
  NatsOptions options = options_for(server);
  options.publish_timeout = milliseconds{30'000};
  const auto broker = connected(options);
  constexpr std::size_t count = 200;
  std::atomic<std::size_t> stored = 0;
  std::atomic<std::size_t> sent_back = 0;
  const auto message = make_message(channel, "key", std::string(100'000, 'x'));
  server.pause();
  for (std::size_t i = 0; i < count; ++i) {
    Message each = message;
    each.id = make_message(channel, "key").id;
    broker->publish(each, [&](const PublishResult& result) { ++(result ? stored : sent_back); });
  }
  EXPECT_GT(sent_back, 0) << "20 MB wait for a server that stands still";
  EXPECT_LT(sent_back, count - 10) << "1 MiB may wait";
  server.resume();
  EXPECT_TRUE(wait_until([&] { return stored + sent_back == count; }, "what was taken is stored"));
}

TEST(NatsBroker, SendsLaterWhatWasAcknowledgedWhileTheServerWasAway) {
  NatsServer server;
  const auto broker = connected(options_for(server));
  Collector collector;
  SubscribeTo what = as_group("readers");
  what.ack_wait = milliseconds{1000};
  const auto subscription = broker->subscribe(what, collector.into());
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", "one")));
  ASSERT_TRUE(collector.wait_for(1, "the message"));
  server.stop();
  ASSERT_TRUE(wait_until([&] { return !broker->is_connected(); }, "the server is seen to be away"));
  subscription->acknowledge(collector.tags());
  server.start();
  ASSERT_TRUE(wait_until([&] { return broker->is_connected(); }, "the broker is connected again"));
  EXPECT_EQ(collector.count_after(milliseconds{1500}), 1U) << "it came again";
}

TEST(NatsBroker, GoesOnInOrderAfterTheServerCrashedWithMessagesOut) {
  NatsServer server;
  SubscribeTo what = as_group("readers");
  what.ack_wait = std::chrono::seconds{30};
  {
    const auto broker = connected(options_for(server));
    Collector collector;
    const auto subscription = broker->subscribe(what, collector.into());
    for (const auto* payload : {"1", "2", "3"}) ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", payload)));
    ASSERT_TRUE(collector.wait_for(3, "three messages"));
    // Its own owner still has them: they are not to come again, and can be acknowledged.
    server.stop();
    ASSERT_TRUE(wait_until([&] { return !broker->is_connected(); }, "the server is seen to be away"));
    server.start();
    publish_until_stored(*broker, make_message(channel, "key", "4"));
    ASSERT_TRUE(collector.wait_for(4, "the fourth message"));
    EXPECT_EQ(collector.count_after(milliseconds{100}), 4U);
    subscription->acknowledge(std::vector{collector.tags()[0]});
    EXPECT_EQ(collector.count_after(milliseconds{50}), 4U);
  }
  const auto broker = connected(options_for(server));
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", "5")));
  Collector collector;
  const auto subscription = broker->subscribe(what, collector.into());
  ASSERT_TRUE(collector.wait_for(4, "the rest"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"2", "3", "4", "5"}));
}

TEST(NatsBroker, SharesAGroupAmongProcesses) {
  NatsServer server;
  const auto one = connected(options_for(server));
  const auto other = connected(options_for(server));
  Collector collector;
  const auto first = one->subscribe(as_group("readers"), collector.into());
  const auto second = other->subscribe(as_group("readers"), collector.into());
  // A group's new subscription asks again for what is out, so both are to be there first.
  wait_until(
      [&] {
        const auto info = ask_server(server.url(), "$JS.API.CONSUMER.INFO.mallbots.readers");
        return info.find("\"num_waiting\":2") != std::string::npos;
      },
      "both subscriptions have a pull open");
  constexpr std::size_t count = 60;
  for (std::size_t i = 0; i < count; ++i) ASSERT_TRUE(publish_and_wait(*one, make_message(channel, "key", std::to_string(i))));
  ASSERT_TRUE(collector.wait_for(count, "every message at one of the two"));
  EXPECT_EQ(collector.count_after(milliseconds{100}), count);
  auto payloads = collector.payloads();
  std::ranges::sort(payloads);
  EXPECT_EQ(std::ranges::adjacent_find(payloads), payloads.end()) << "one came twice";
}

TEST(NatsBroker, RefusesAChannelOutsideItsStreamAndSaysWhy) {
  NatsServer server;
  NatsOptions options = options_for(server);
  std::mutex mutex;
  std::string heard;
  options.report = [&](std::string_view sentence) {
    const std::scoped_lock lock(mutex);
    heard = sentence;
  };
  const auto broker = connected(options);
  EXPECT_EQ(publish_and_wait(*broker, make_message("elsewhere.events.Thing", "key")),
            PublishResult(std::unexpected(PublishFailure::refused)));
  const std::scoped_lock lock(mutex);
  EXPECT_NE(heard.find("elsewhere.events.Thing"), std::string::npos) << heard;
}

TEST(NatsBroker, MakesOneStreamWhenManyStartTogetherAndKeepsItsLimitsAsWanted) {
  NatsServer server;
  std::vector<std::unique_ptr<Broker>> brokers;
  for (int i = 0; i < 5; ++i) brokers.push_back(create_nats_broker(options_for(server)));
  for (const auto& broker : brokers) publish_until_stored(*broker, make_message(channel, "key"));
  EXPECT_EQ(brokers[0]->state()->last_sequence, brokers.size());
  NatsOptions options = options_for(server);
  options.max_age = std::chrono::hours{24};
  const auto changed = connected(options);
  EXPECT_EQ(changed->state()->last_sequence, brokers.size());
  const auto info = ask_server(server.url(), "$JS.API.STREAM.INFO.mallbots");
  EXPECT_NE(info.find("\"max_age\":86400000000000"), std::string::npos) << info;
}

// The moment in which a stream is there and takes no messages, held still: by one that answers nobody.
TEST(NatsBroker, MakesNoConsumersWhileTheStreamAnswersNobody) {
  NatsServer server;
  NatsOptions options = options_for(server);
  options.request_timeout = milliseconds{100};
  std::mutex mutex;
  std::string heard;
  options.report = [&](std::string_view sentence) {
    const std::scoped_lock lock(mutex);
    heard = sentence;
  };
  const std::string config = R"("name":"mallbots","subjects":["mallbots.>"],"storage":"file","max_age":)" +
                             std::to_string(std::chrono::nanoseconds(options.max_age).count()) +
                             ",\"max_bytes\":" + std::to_string(options.max_bytes) +
                             ",\"duplicate_window\":" + std::to_string(std::chrono::nanoseconds(options.dedup_window).count());
  ask_server(server.url(), "$JS.API.STREAM.CREATE.mallbots", "{" + config + ",\"no_ack\":true}");
  const auto broker = connected(options);
  Collector collector;
  const auto subscription = broker->subscribe(as_group("readers"), collector.into());
  wait_until(
      [&] {
        const std::scoped_lock lock(mutex);
        return heard == "stream mallbots takes no messages yet";
      },
      "the broker to say what it waits for");
  EXPECT_NE(ask_server(server.url(), "$JS.API.CONSUMER.LIST.mallbots").find("\"total\":0"), std::string::npos);
  ask_server(server.url(), "$JS.API.STREAM.UPDATE.mallbots", "{" + config + "}");
  publish_until_stored(*broker, make_message(channel, "key"));
  EXPECT_TRUE(collector.wait_for(1, "the message, when the stream answers"));
}

// nats-server 2.9 shows a stream before it is whole, and a consumer that is made in that moment delivers nothing for as long as it lives.
// Services start together, so one finds the stream that another is making. Each round is a stream of its own.
TEST(NatsBroker, MakesItsConsumersOnceTheStreamIsWhole) {
  NatsServer server;
  constexpr int rounds = 40, together = 24;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    NatsOptions options = options_for(server);
    options.stream = options.subjects = "mall" + std::to_string(round);
    const auto thing = options.subjects + ".testing.events.Thing";
    std::vector<std::unique_ptr<Broker>> brokers;
    std::vector<Collector> collectors(together);
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    for (int i = 0; i < together; ++i) {
      brokers.push_back(create_nats_broker(options));
      subscriptions.push_back(
          brokers.back()->subscribe({.group = "readers" + std::to_string(i), .channels = {thing}}, collectors[i].into()));
    }
    publish_until_stored(*brokers.front(), make_message(thing, "key"));
    for (int i = 0; i < together; ++i) {
      EXPECT_TRUE(collectors[i].wait_for(1, "the message at reader " + std::to_string(i) + " of round " + std::to_string(round)));
    }
  }
}

TEST(NatsBroker, IsNotSentWhatItDoesNotWant) {
  NatsServer server;
  const auto broker = connected(options_for(server));
  auto message = make_message(channel, "key", "unwanted");
  for (int i = 0; i < 3; ++i) {
    message.id = make_message(channel, "key").id;
    ASSERT_TRUE(publish_and_wait(*broker, message));
  }
  message = make_message(channel, "key", "wanted");
  message.type = "mallbots.testing.v1.ThingWanted";
  ASSERT_TRUE(publish_and_wait(*broker, message));
  SubscribeTo what = as_group("readers");
  what.types = {message.type};
  Collector collector;
  const auto subscription = broker->subscribe(what, collector.into());
  ASSERT_TRUE(collector.wait_for(1, "what is wanted"));
  const auto info = ask_server(server.url(), "$JS.API.CONSUMER.INFO.mallbots.readers");
  EXPECT_NE(info.find(R"("delivered":{"consumer_seq":1,"stream_seq":4)"), std::string::npos) << info;
}

// As consumers and messages were before subjects named types.
TEST(NatsBroker, TakesOverAConsumerOfTheWholeChannel) {
  NatsServer server;
  const auto broker = connected(options_for(server));
  const std::string durable = "readers~mallbots~testing~events~Thing";
  const auto made = ask_server(server.url(), "$JS.API.CONSUMER.DURABLE.CREATE.mallbots." + durable,
                               R"({"stream_name":"mallbots","config":{"durable_name":")" + durable + R"(","filter_subject":")" +
                                   std::string(channel) + R"(","deliver_policy":"all","ack_policy":"explicit","max_deliver":-1}})");
  ASSERT_NE(made.find(durable), std::string::npos) << made;
  const auto before = make_message(channel, "key", "before");
  const auto headers = encode_headers(before);
  ASSERT_TRUE(headers);
  store_raw_message(server.url(), channel, *headers, before.payload);
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key", "since")));
  SubscribeTo what = as_group("readers");
  what.types = {before.type};
  Collector collector;
  const auto subscription = broker->subscribe(what, collector.into());
  ASSERT_TRUE(collector.wait_for(2, "what was stored before and since"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"before", "since"}));
}

TEST(NatsBroker, MayEndBeforeItsSubscriptions) {
  NatsServer server;
  auto broker = connected(options_for(server));
  Collector collector;
  const auto subscription = broker->subscribe(as_group("readers"), collector.into());
  ASSERT_TRUE(publish_and_wait(*broker, make_message(channel, "key")));
  ASSERT_TRUE(collector.wait_for(1, "the message"));
  broker.reset();
  subscription->acknowledge(collector.tags());
}

}  // namespace
}  // namespace pkg::messaging
