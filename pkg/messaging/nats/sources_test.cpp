// Which consumers a group reads from, by themselves and by way of a server.
#include "pkg/messaging/nats/sources.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/nats/raw_client.hpp"
#include "pkg/messaging/testing/collector.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging::nats {
namespace {

using pkg::testing::NatsServer;
using pkg::testing::wait_until;
using std::chrono::milliseconds;
using testing::Collector;
using testing::make_message;
using testing::publish_and_wait;
using Names = std::vector<std::string>;
using Read = std::vector<Source>;

const std::string type = "m.v1.Happened";

SubscribeTo of(Names channels, Names types = {type}) { return {.group = "g", .channels = std::move(channels), .types = std::move(types)}; }

ListedConsumer there(std::string durable, std::size_t number, Names channels, std::string group = "g") {
  return {.durable = std::move(durable),
          .group = std::move(group),
          .number = number,
          .channels = std::move(channels),
          .subjects = {},
          .state = {}};
}

TEST(Sources, AreOneForAllChannelsOfANewGroup) {
  const auto sources = sources_of(of({"m.a", "m.b", "m.a"}), {});
  EXPECT_EQ(sources.read, (Read{{"g", {"m.a", "m.b"}}}));
  EXPECT_TRUE(sources.spare.empty());
  EXPECT_TRUE(sources_of(of({}), {}).read.empty());
}

TEST(Sources, AreAnotherForAChannelThatComesLater) {
  const auto sources =
      sources_of(of({"m.c", "m.a", "m.b", "m.d"}), std::vector{there("g", 1, {"m.a", "m.b"}), there("h", 1, {"m.c"}, "h")});
  EXPECT_EQ(sources.read, (Read{{"g", {"m.a", "m.b"}}, {"g~2", {"m.c", "m.d"}}}));
}

TEST(Sources, BringNoMoreThanIsSubscribedTo) {
  const auto sources = sources_of(of({"m.b"}), std::vector{there("g", 1, {"m.a", "m.b"}), there("g~2", 2, {"m.c"})});
  EXPECT_EQ(sources.read, (Read{{"g", {"m.b"}}}));
  EXPECT_TRUE(sources.spare.empty()) << "another release may want what it brings";
  // One that does comes with a number nobody had.
  EXPECT_EQ(sources_of(of({"m.d"}), std::vector{there("g~7", 7, {"m.c"})}).read, (Read{{"g~8", {"m.d"}}}));
}

TEST(Sources, OfASingleChannelAreKept) {
  const auto sources =
      sources_of(of({"m.a", "m.b", "m.c"}), std::vector{there("g", 1, {"m.b"}), there("g~m~a", 0, {"m.a"}), there("g~m~b", 0, {"m.b"})});
  EXPECT_EQ(sources.read, (Read{{"g~m~a", {"m.a"}}, {"g~m~b", {"m.b"}}, {"g~2", {"m.c"}}}));
  EXPECT_EQ(sources.spare, (Names{"g"})) << "it would only bring again what the other does";
}

TEST(Sources, KeepApartWhatOneConsumerCannot) {
  EXPECT_EQ(sources_of(of({"m.a", "m.a.Happened", "m.b"}), {}).read, (Read{{"g", {"m.a", "m.b"}}, {"g~2", {"m.a.Happened"}}}));
  EXPECT_EQ(sources_of(of({"m.a", "m.b"}, {}), {}).read, (Read{{"g", {"m.a"}}, {"g~2", {"m.b"}}}));
}

TEST(Sources, TellChannelsBySubject) {
  const Source source{"g", {"m.a", "m.b"}};
  EXPECT_EQ(channel_of(source, "m.a"), "m.a");
  EXPECT_EQ(channel_of(source, "m.b.Happened"), "m.b");
  for (const auto* strange : {"m", "m.c", "m.c.Happened", "m.a.b.Happened", ""}) EXPECT_FALSE(channel_of(source, strange)) << strange;
}

class SourcesOfAServer : public ::testing::Test {
 protected:
  void SetUp() override {
    wait_until([&] { return broker_->is_connected(); }, "the broker is connected");
  }
  std::unique_ptr<Broker> connect() {
    NatsOptions options;
    options.url = server_.url();
    options.name = "test";
    return create_nats_broker(options);
  }
  void publish(const std::string& channel, const std::string& payload) {
    auto message = make_message(channel, "key", payload);
    message.type = type;
    ASSERT_TRUE(publish_and_wait(*broker_, message));
  }
  /// What a subscription to these is given, all of which it acknowledges before it ends.
  Names read(const Names& channels, std::size_t count) {
    Collector collector;
    auto what = of(channels);
    what.ack_wait = std::chrono::seconds{30};
    const auto subscription = broker_->subscribe(what, collector.into());
    collector.wait_for(count, std::to_string(count) + " messages");
    subscription->acknowledge(collector.tags());
    wait_until([&] { return consumers().find(R"("num_ack_pending":0)") != std::string::npos && all_handled(channels); },
               "acknowledgements");
    EXPECT_EQ(collector.count_after(milliseconds{50}), count);
    for (const auto& delivery : collector.deliveries()) {
      EXPECT_TRUE(delivery.message.payload.starts_with(delivery.message.channel)) << delivery.message.channel;
    }
    return collector.payloads();
  }
  std::string consumers() const { return ask_server(server_.url(), "$JS.API.CONSUMER.LIST.mallbots"); }
  bool all_handled(const Names& channels) {
    const auto positions = broker_->positions(channels);
    return positions && positions->groups.size() == channels.size() &&
           std::ranges::all_of(positions->groups, [&](const auto& each) { return each.handled >= positions->stream.last_sequence; });
  }
  /// As releases before this one made them.
  void make_of_single_channel(const std::string& durable, const std::string& channel) {
    const auto made =
        ask_server(server_.url(), "$JS.API.CONSUMER.DURABLE.CREATE.mallbots." + durable,
                   R"({"stream_name":"mallbots","config":{"durable_name":")" + durable + R"(","filter_subjects":[")" + channel + R"(",")" +
                       channel + R"(.Happened"],"deliver_policy":"all","ack_policy":"explicit","max_deliver":-1}})");
    ASSERT_NE(made.find(durable), std::string::npos) << made;
  }

  const std::string a_ = "mallbots.a", b_ = "mallbots.b", c_ = "mallbots.c";

 private:
  NatsServer server_;
  std::unique_ptr<Broker> broker_ = connect();
};

TEST_F(SourcesOfAServer, BringAChannelThatComesLaterFromItsBeginningAndTheOthersFromWhereTheyWere) {
  for (const auto& each : {a_, b_, c_}) publish(each, each + "1");
  EXPECT_EQ(read({a_, b_}, 2), (Names{"mallbots.a1", "mallbots.b1"}));
  EXPECT_NE(consumers().find(R"("total":1,)"), std::string::npos) << consumers();
  for (const auto& each : {a_, c_}) publish(each, each + "2");
  auto brought = read({a_, b_, c_}, 3);
  std::ranges::sort(brought);
  EXPECT_EQ(brought, (Names{"mallbots.a2", "mallbots.c1", "mallbots.c2"}));
  EXPECT_NE(consumers().find(R"("total":2,)"), std::string::npos) << consumers();
  // Back to fewer, and forth: what was left out meanwhile comes, if need be again.
  publish(b_, "mallbots.b2");
  EXPECT_EQ(read({a_}, 0), Names{});
  EXPECT_EQ(read({a_, b_}, 2), (Names{"mallbots.b1", "mallbots.b2"}));
}

TEST_F(SourcesOfAServer, GoOnWhereTheConsumersOfAnEarlierReleaseWere) {
  for (const auto& each : {a_, b_}) publish(each, each + "1");
  make_of_single_channel("g~mallbots~a", a_);
  EXPECT_EQ(read({a_}, 1), (Names{"mallbots.a1"}));
  for (const auto& each : {a_, b_}) publish(each, each + "2");
  auto brought = read({a_, b_}, 3);
  std::ranges::sort(brought);
  EXPECT_EQ(brought, (Names{"mallbots.a2", "mallbots.b1", "mallbots.b2"}));
}

TEST_F(SourcesOfAServer, AreDeletedWhereOthersBringTheSame) {
  publish(a_, "mallbots.a1");
  EXPECT_EQ(read({a_}, 1), (Names{"mallbots.a1"}));
  make_of_single_channel("g~mallbots~a", a_);
  publish(a_, "mallbots.a2");
  EXPECT_EQ(read({a_}, 2), (Names{"mallbots.a1", "mallbots.a2"}));
  EXPECT_NE(consumers().find(R"("total":1,)"), std::string::npos) << consumers();
}

}  // namespace
}  // namespace pkg::messaging::nats
