#include "pkg/messaging/testing/broker_conformance.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "pkg/messaging/testing/conformance_parts.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging::testing {

std::string in_conformance(const ::testing::TestParamInfo<MakeBrokerFixture>& info) {
  link_delivery_conformance();
  link_disturbance_conformance();
  return "Broker" + std::to_string(info.index);
}

void BrokerConformance::SetUp() {
  fixture_ = GetParam()();
  ASSERT_TRUE(pkg::testing::wait_until([&] { return broker().is_connected(); }, "the broker is connected"));
}

SubscribeTo BrokerConformance::as_group(std::string_view group, std::size_t window) {
  return {.group = std::string(group), .channels = {std::string(channel)}, .window = window, .ack_wait = ack_wait};
}

void BrokerConformance::publish_all(const std::vector<std::string>& payloads, std::string_view key, std::string_view to) {
  for (const auto& payload : payloads) {
    ASSERT_TRUE(publish_and_wait(broker(), make_message(to, key, payload))) << "publishing " << printable(payload);
  }
}

std::vector<Delivery> BrokerConformance::history(std::string_view group, std::size_t count, std::string_view of) {
  Collector collector;
  SubscribeTo what = as_group(group, count + 1);
  what.channels = {std::string(of)};
  what.ack_wait = std::chrono::seconds{30};  // on a slow machine nothing is to come twice
  const auto subscription = broker().subscribe(std::move(what), collector.into());
  collector.wait_for(count, "history of a channel");
  subscription->acknowledge(collector.tags());
  return collector.deliveries();
}

// Other test programs link this library for its parts.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(BrokerConformance);

TEST_P(BrokerConformance, StoresExactlyWhatWasSent) {
  Message message = make_message(channel, "0190163d-8694-739b-aea5-966c26f8ad91", std::string("\0\xff\r\n\r\n binary \x01", 14));
  message.subject = "Füllhorn % \"quoted\" \xF0\x9F\xA4\x96";
  message.aggregate_version = 18'446'744'073'709'551'615ULL;
  message.correlation_id = "correlation of it all";
  message.causation_id = "causation";
  message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  message.headers = {{"saga-name", "CreateOrder"}, {"saga-reply", " spaces at both ends "}, {"ce-dataschema", "\xE2\x82\xAC"}};
  ASSERT_TRUE(publish_and_wait(broker(), message));
  const auto found = history("readers", 1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].undecodable, "");
  EXPECT_EQ(found[0].message, message);
  EXPECT_EQ(found[0].attempt, 1U);
}

TEST_P(BrokerConformance, StoresInOrderWhatWasGathered) {
  std::vector<std::string> sent;
  std::atomic<std::size_t> stored = 0;
  broker().gather([&] {
    for (int i = 0; i < 100; ++i) {
      sent.push_back(std::to_string(i));
      broker().publish(make_message(channel, "key", sent.back()), [&](const PublishResult& result) { stored += result ? 1 : 0; });
    }
  });
  ASSERT_TRUE(pkg::testing::wait_until([&] { return stored == sent.size(); }, "all that was gathered is stored"));
  std::vector<std::string> found;
  for (const auto& delivery : history("readers", sent.size())) found.push_back(delivery.message.payload);
  EXPECT_EQ(found, sent);
}

TEST_P(BrokerConformance, StoresEmptyAndLargePayloads) {
  std::string large(512 * 1024, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 31 % 256);
  publish_all({"", large});
  const auto found = history("readers", 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].message.payload.empty());
  EXPECT_TRUE(found[1].message.payload == large);
}

TEST_P(BrokerConformance, RefusesWhatIsTooLargeForEver) {
  const auto result = publish_and_wait(broker(), make_message(channel, "key", std::string(16 << 20, 'x')));
  EXPECT_EQ(result, PublishResult(std::unexpected(PublishFailure::refused)));
  publish_all({"a good one still passes"});
}

TEST_P(BrokerConformance, RefusesWhatNobodyCouldRead) {
  Message no_id = make_message(channel, "key");
  no_id.id = "not a UUID";
  Message no_channel = make_message("mallbots..testing", "key");
  Message control = make_message(channel, "key");
  control.headers["note"] = "two\nlines";
  for (const auto& message : {no_id, no_channel, control}) {
    EXPECT_EQ(publish_and_wait(broker(), message), PublishResult(std::unexpected(PublishFailure::refused)));
  }
}

TEST_P(BrokerConformance, StoresARepeatedIdOnce) {
  const Message message = make_message(channel, "key", "once");
  const auto first = publish_and_wait(broker(), message);
  const auto again = publish_and_wait(broker(), message);
  ASSERT_TRUE(first && again);
  EXPECT_FALSE(first->duplicate);
  EXPECT_TRUE(again->duplicate);
  publish_all({"last"});
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  collector.wait_for(2, "both messages");
  EXPECT_EQ(collector.payloads(), (std::vector<std::string>{"once", "last"}));
}

TEST_P(BrokerConformance, SequencesAscendAndTheStateNamesTheLast) {
  const auto first = publish_and_wait(broker(), make_message(channel, "key"));
  const auto second = publish_and_wait(broker(), make_message("mallbots.testing.commands", "key"));
  ASSERT_TRUE(first && second);
  EXPECT_LT(first->sequence, second->sequence);
  const auto state = broker().state();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->last_sequence, second->sequence);
  EXPECT_FALSE(state->identity.empty());
}

TEST_P(BrokerConformance, TellsWhereGroupsStandInTheirChannels) {
  constexpr std::string_view quiet_channel = "mallbots.testing.events.Quiet";
  const std::vector<std::string> asked{std::string(channel), std::string(quiet_channel), "mallbots.testing.events.Nobodys"};
  // A group's word for a channel, once it is `wanted`: acknowledgements are seen a moment late.
  const auto stands = [&](const std::string& group, std::string_view where, const std::function<bool(std::uint64_t)>& wanted) {
    return pkg::testing::wait_until(
        [&] {
          const auto positions = broker().positions(asked);
          return positions && std::ranges::any_of(positions->groups, [&](const GroupPosition& position) {
                   return position.group == group && position.channel == where && wanted(position.handled);
                 });
        },
        group + " stands where it should in " + std::string(where));
  };
  Collector collector;
  SubscribeTo what = as_group("readers");
  what.channels.emplace_back(quiet_channel);
  what.ack_wait = std::chrono::seconds{30};
  const auto subscription = broker().subscribe(what, collector.into());
  const auto quiet_one = publish_and_wait(broker(), make_message(quiet_channel, "key"));
  ASSERT_TRUE(quiet_one && collector.wait_for(1, "the quiet channel's message"));
  subscription->acknowledge(collector.tags());
  std::vector<std::uint64_t> sequences;
  for (const auto* payload : {"1", "2", "3"}) {
    const auto stored = publish_and_wait(broker(), make_message(channel, "key", payload));
    ASSERT_TRUE(stored);
    sequences.push_back(stored->sequence);
  }
  ASSERT_TRUE(collector.wait_for(4, "three more"));
  const auto tags = collector.tags();
  subscription->acknowledge(std::vector{tags[1], tags[3]});
  EXPECT_TRUE(stands("readers", channel, [&](auto at) { return sequences[0] <= at && at < sequences[1]; })) << "the second is not handled";
  // A channel in which nothing happens is handled up to the stream's end.
  EXPECT_TRUE(stands("readers", quiet_channel, [&](auto at) { return at >= sequences[2]; }));
  subscription->acknowledge(std::vector{tags[2]});
  EXPECT_TRUE(stands("readers", channel, [&](auto at) { return at >= sequences[2]; }));
  const auto positions = broker().positions(asked);
  ASSERT_TRUE(positions);
  EXPECT_EQ(positions->groups.size(), 2U);
  EXPECT_EQ(positions->stream, *broker().state());
}

TEST_P(BrokerConformance, ConfirmsAllOfConcurrentPublishersInEachOnesOrder) {
  constexpr int publishers = 4;
  constexpr int each = 250;
  std::atomic<int> confirmed = 0;
  std::vector<std::jthread> threads;
  for (int publisher = 0; publisher < publishers; ++publisher) {
    threads.emplace_back([&, key = "publisher-" + std::to_string(publisher)] {
      for (int i = 0; i < each; ++i) {
        broker().publish(make_message(channel, key, std::to_string(i)), [&](PublishResult result) { confirmed += result ? 1 : 0; });
      }
    });
  }
  threads.clear();
  ASSERT_TRUE(pkg::testing::wait_until([&] { return confirmed == publishers * each; }, "every publish is confirmed"));
  std::map<std::string, int> next;
  for (const auto& delivery : history("readers", publishers * each)) {
    ASSERT_EQ(delivery.message.payload, std::to_string(next[delivery.message.key]++)) << "out of order for " << delivery.message.key;
  }
}

}  // namespace pkg::messaging::testing
