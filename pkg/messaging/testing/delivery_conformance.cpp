// Conformance: who gets a message, when again, and when no more.
#include <atomic>
#include <chrono>
#include <map>

#include "pkg/messaging/testing/broker_conformance.hpp"
#include "pkg/messaging/testing/conformance_parts.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging::testing {

void link_delivery_conformance() {}

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

TEST_P(BrokerConformance, DeliversAKeyInOrder) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers", 8), collector.into());
  std::vector<std::string> sent;
  for (int i = 0; i < 100; ++i) sent.push_back(std::to_string(i));
  publish_all({sent.begin(), sent.begin() + 8});
  std::size_t acknowledged = 0;
  for (std::size_t next = 8; next < sent.size(); ++next) {
    ASSERT_TRUE(collector.wait_for(acknowledged + 1, "the next in order"));
    subscription->acknowledge(std::vector{collector.tags()[acknowledged++]});
    publish_all({sent[next]});
  }
  for (; acknowledged < sent.size(); ++acknowledged) {
    ASSERT_TRUE(collector.wait_for(acknowledged + 1, "the rest in order"));
    subscription->acknowledge(std::vector{collector.tags()[acknowledged]});
  }
  EXPECT_EQ(collector.payloads(), sent);
}

TEST_P(BrokerConformance, GivesANewGroupTheHistory) {
  publish_all({"one", "two", "three"});
  Collector collector;
  const auto subscription = broker().subscribe(as_group("late"), collector.into());
  collector.wait_for(3, "history");
  publish_all({"four"});
  collector.wait_for(4, "history and what comes");
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"one", "two", "three", "four"}));
}

TEST_P(BrokerConformance, GivesAGroupTheHistoryOfAChannelThatItReadsLater) {
  const std::string later = "mallbots.testing.commands";
  publish_all({"event"});
  publish_all({"command"}, "key", later);
  SubscribeTo what = as_group("readers");
  {
    Collector collector;
    const auto subscription = broker().subscribe(what, collector.into());
    ASSERT_TRUE(collector.wait_for(1, "the event"));
    subscription->acknowledge(collector.tags());
  }
  what.channels.push_back(later);
  Collector collector;
  const auto subscription = broker().subscribe(what, collector.into());
  collector.wait_for(1, "the command");
  EXPECT_EQ(collector.count_after(quiet), 1U);
  EXPECT_EQ(collector.payloads(), std::vector<std::string>{"command"});
}

TEST_P(BrokerConformance, KeepsGroupsApart) {
  Collector one;
  Collector other;
  const auto first = broker().subscribe(as_group("one"), one.into());
  const auto second = broker().subscribe(as_group("other"), other.into());
  publish_all({"both get this"});
  one.wait_for(1, "the first group's");
  first->acknowledge(one.tags());
  other.wait_for(1, "the other group's");
  EXPECT_EQ(other.payloads(), one.payloads());
  EXPECT_EQ(other.deliveries().at(0).attempt, 1U);
}

TEST_P(BrokerConformance, KeepsChannelsApartAndServesSeveral) {
  Collector both;
  Collector one;
  SubscribeTo what = as_group("both");
  what.channels.emplace_back("mallbots.testing.commands");
  const auto of_both = broker().subscribe(what, both.into());
  const auto of_one = broker().subscribe(as_group("one"), one.into());
  publish_all({"event"});
  publish_all({"command"}, "key", "mallbots.testing.commands");
  both.wait_for(2, "a message of each channel");
  one.wait_for(1, "the event");
  EXPECT_EQ(one.count_after(quiet), 1U);
  for (const auto& delivery : both.deliveries()) {
    EXPECT_EQ(delivery.message.channel, delivery.message.payload == "event" ? channel : "mallbots.testing.commands");
  }
}

TEST_P(BrokerConformance, WaitsOnAChannelThatNobodyHasUsedYet) {
  Collector collector;
  SubscribeTo what = as_group("early");
  what.channels = {"mallbots.testing.events.Never-used_before"};
  const auto subscription = broker().subscribe(what, collector.into());
  EXPECT_EQ(collector.count_after(quiet), 0U);
  publish_all({"first"}, "key", what.channels[0]);
  collector.wait_for(1, "the channel's first message");
}

TEST_P(BrokerConformance, NeverDeliversAgainWhatWasAcknowledged) {
  publish_all({"one", "two"});
  {
    Collector collector;
    const auto subscription = broker().subscribe(as_group("readers"), collector.into());
    collector.wait_for(2, "both");
    subscription->acknowledge(collector.tags());
    EXPECT_EQ(collector.count_after(ack_wait * 2), 2U);
  }
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  publish_all({"three"});
  collector.wait_for(1, "the one that is left");
  EXPECT_EQ(collector.count_after(quiet), 1U);
  EXPECT_EQ(collector.payloads(), std::vector<std::string>{"three"});
}

TEST_P(BrokerConformance, DeliversAgainWhatIsNotAcknowledgedInTime) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers", 1), collector.into());
  const auto start = Clock::now();
  publish_all({"slow"});
  ASSERT_TRUE(collector.wait_for(2, "the second delivery"));
  EXPECT_GE(Clock::now() - start, ack_wait - milliseconds{20});
  const auto found = collector.deliveries();
  EXPECT_EQ(found[1].message, found[0].message);
  EXPECT_EQ(found[1].attempt, 2U);
  // The first delivery's tag still stands for the message.
  subscription->acknowledge(std::vector{found[0].tag});
  EXPECT_EQ(collector.count_after(ack_wait * 2), 2U);
}

TEST_P(BrokerConformance, GivesANewSubscriptionFirstAndAtOnceWhatTheOldOneLeft) {
  SubscribeTo what = as_group("readers");
  what.ack_wait = std::chrono::seconds{30};
  publish_all({"1", "2", "3", "4", "5"});
  {
    Collector collector;
    const auto subscription = broker().subscribe(what, collector.into());
    ASSERT_TRUE(collector.wait_for(5, "all"));
    subscription->acknowledge(std::vector{collector.tags()[0], collector.tags()[3]});
    ASSERT_EQ(collector.count_after(quiet), 5U);
  }
  publish_all({"6", "7"});
  Collector collector;
  const auto subscription = broker().subscribe(what, collector.into());
  ASSERT_TRUE(collector.wait_for(5, "what was not acknowledged, and what came since"));
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"2", "3", "5", "6", "7"}));
  EXPECT_EQ(collector.deliveries()[0].attempt, 2U);
  EXPECT_EQ(collector.count_after(quiet), 5U);
}

TEST_P(BrokerConformance, ProgressPostponesTheNextDelivery) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  publish_all({"long work"});
  ASSERT_TRUE(collector.wait_for(1, "the delivery"));
  const auto until = Clock::now() + ack_wait * 2;
  while (Clock::now() < until) {
    subscription->in_progress(collector.tags());
    ASSERT_EQ(collector.count_after(ack_wait / 4), 1U) << "delivered again while at work";
  }
  collector.wait_for(2, "the next delivery, once the work is silent");
}

TEST_P(BrokerConformance, DeliversAReleasedMessageAfterItsDelay) {
  Collector collector;
  SubscribeTo what = as_group("readers");
  what.ack_wait = std::chrono::seconds{30};
  const auto subscription = broker().subscribe(what, collector.into());
  publish_all({"not now"});
  ASSERT_TRUE(collector.wait_for(1, "the delivery"));
  const auto start = Clock::now();
  subscription->release(collector.tags(), milliseconds{150});
  ASSERT_TRUE(collector.wait_for(2, "the delivery after its delay"));
  const auto waited = Clock::now() - start;
  EXPECT_GE(waited, milliseconds{140});
  EXPECT_LT(waited, std::chrono::seconds{5});
  const auto again = Clock::now();
  subscription->release(std::vector{collector.tags()[1]}, milliseconds{0});
  ASSERT_TRUE(collector.wait_for(3, "the delivery at once"));
  EXPECT_LT(Clock::now() - again, std::chrono::seconds{2});
}

TEST_P(BrokerConformance, KeepsTheWindow) {
  Collector collector;
  SubscribeTo what = as_group("readers", 3);
  what.ack_wait = std::chrono::seconds{30};
  const auto subscription = broker().subscribe(what, collector.into());
  publish_all({"1", "2", "3", "4", "5", "6"});
  collector.wait_for(3, "a window full");
  EXPECT_EQ(collector.count_after(quiet), 3U);
  subscription->acknowledge(std::vector{collector.tags()[1]});
  collector.wait_for(4, "one for the acknowledged one");
  EXPECT_EQ(collector.count_after(quiet), 4U);
  subscription->acknowledge(collector.tags());
  collector.wait_for(6, "the rest");
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"1", "2", "3", "4", "5", "6"}));
}

TEST_P(BrokerConformance, PassesOverWhatIsNotWanted) {
  const auto publish_as = [&](std::string type, std::string_view payload) {
    Message message = make_message(channel, "key", payload);
    message.type = std::move(type);
    ASSERT_TRUE(publish_and_wait(broker(), message));
  };
  SubscribeTo what = as_group("choosy", 2);
  what.ack_wait = std::chrono::seconds{30};
  what.types = {"mall.Happened", "mall.v2.Wanted"};
  Collector collector;
  auto subscription = broker().subscribe(what, collector.into());
  publish_as("mall.Happened", "one");
  for (int i = 0; i < 5; ++i) publish_as("mall.Unwanted", "nobody wants this");  // more than the window has room for
  publish_as("mall.v1.Wanted", "nor this, though its last word is the same");
  fixture().store_raw(channel, {{"ce-type", "mall.Unwanted"}, {"ce-id", "x"}}, "unreadable besides");
  fixture().store_raw(channel, {{"ce-type", "mall.Unwanted"}, {"ce-type", "mall.Happened"}}, "who knows");
  ASSERT_TRUE(collector.wait_for(2, "the wanted one and the one whose type cannot be told"));
  EXPECT_EQ(collector.deliveries()[0].message.payload, "one");
  EXPECT_NE(collector.deliveries()[1].undecodable, "");
  subscription->acknowledge(collector.tags());
  publish_as("mall.Happened", "two");
  ASSERT_TRUE(collector.wait_for(3, "the last one"));
  subscription->acknowledge(collector.tags());

  // What was passed over is done for the whole group.
  ASSERT_TRUE(pkg::testing::wait_until(
      [&] {
        const auto positions = broker().positions(what.channels);
        return positions && positions->groups.size() == 1 && positions->groups[0].handled >= positions->stream.last_sequence;
      },
      "all is acknowledged"));
  subscription.reset();
  what.types.clear();
  Collector later;
  subscription = broker().subscribe(what, later.into());
  publish_as("mall.Unwanted", "wanted now");
  later.wait_for(1, "what came since");
  EXPECT_EQ(later.count_after(quiet), 1U);
  EXPECT_EQ(later.payloads(), std::vector<std::string>{"wanted now"});
}

TEST_P(BrokerConformance, KeepsAKeysOrderInWhatIsGathered) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  std::map<std::string, std::vector<std::string>> sent;
  std::atomic<int> stored = 0;
  broker().gather([&] {
    for (int i = 0; i < 40; ++i) {
      Message message = make_message(channel, "key " + std::to_string(i % 5), std::to_string(i));
      message.type = i % 3 == 0 ? "mall.Happened" : "mall.Ended";  // of a key now one, now the other
      sent[message.key].push_back(message.payload);
      broker().publish(message, [&](PublishResult result) { stored += result ? 1 : 0; });
    }
  });
  ASSERT_TRUE(collector.wait_for(40, "all that was gathered"));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return stored == 40; }, "each is confirmed"));
  std::map<std::string, std::vector<std::string>> came;
  for (const auto& delivery : collector.deliveries()) came[delivery.message.key].push_back(delivery.message.payload);
  EXPECT_EQ(came, sent);

  const auto stands_at_the_end = [&] {
    const auto positions = broker().positions(std::vector{std::string(channel)});
    return positions && positions->groups.size() == 1 && positions->groups[0].handled >= positions->stream.last_sequence;
  };
  auto tags = collector.tags();
  const auto last = tags.back();
  tags.pop_back();
  subscription->acknowledge(tags);
  EXPECT_EQ(collector.count_after(ack_wait / 2), 40U);
  EXPECT_FALSE(stands_at_the_end()) << "one is left";
  collector.wait_for(41, "the one that is not acknowledged, again");
  EXPECT_EQ(collector.count_after(quiet), 41U);
  EXPECT_EQ(collector.payloads()[40], collector.payloads()[39]);
  subscription->acknowledge(std::vector{last});
  EXPECT_TRUE(pkg::testing::wait_until(stands_at_the_end, "the group stands at the end"));
}

TEST_P(BrokerConformance, HasNothingLeftInAChannelWhereTheRestIsUnwanted) {
  const auto publish_as = [&](std::string type) {
    Message message = make_message(channel, "key");
    message.type = std::move(type);
    ASSERT_TRUE(publish_and_wait(broker(), message));
  };
  SubscribeTo what = as_group("choosy");
  what.types = {"mall.Happened", "mall.Never"};
  Collector collector;
  const auto subscription = broker().subscribe(what, collector.into());
  publish_as("mall.Happened");
  for (int i = 0; i < 3; ++i) publish_as("mall.Unwanted");
  ASSERT_TRUE(collector.wait_for(1, "the wanted one"));
  subscription->acknowledge(collector.tags());
  // A relay would fill a broker that lost something from here.
  EXPECT_TRUE(pkg::testing::wait_until(
      [&] {
        const auto positions = broker().positions(what.channels);
        return positions && positions->groups.size() == 1 && positions->groups[0].handled >= positions->stream.last_sequence;
      },
      "the group stands at the end"));
}

TEST_P(BrokerConformance, DeliversTheUnreadableAsSuch) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  fixture().store_raw(channel, {{"ce-specversion", "0.3"}, {"ce-id", "x"}}, "what is this");
  fixture().store_raw(channel, {}, "");
  publish_all({"good"});
  ASSERT_TRUE(collector.wait_for(3, "two unreadable ones and a good one"));
  const auto found = collector.deliveries();
  EXPECT_NE(found[0].undecodable, "");
  EXPECT_NE(found[0].raw.find("ce-specversion: 0.3"), std::string::npos) << found[0].raw;
  EXPECT_NE(found[0].raw.find("what is this"), std::string::npos) << found[0].raw;
  EXPECT_NE(found[1].undecodable, "");
  EXPECT_EQ(found[2].undecodable, "");
  EXPECT_EQ(found[2].message.payload, "good");
  subscription->acknowledge(collector.tags());
  EXPECT_EQ(collector.count_after(ack_wait * 2), 3U) << "an acknowledged unreadable one came again";
}

}  // namespace pkg::messaging::testing
