// Conformance: the broker goes, comes back, comes back empty, and is destroyed.
#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "pkg/messaging/testing/broker_conformance.hpp"
#include "pkg/messaging/testing/conformance_parts.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging::testing {

void link_disturbance_conformance() {}

using pkg::testing::wait_until;

TEST_P(BrokerConformance, DoesNotConfirmWhileAwayAndWorksAgainAfterwards) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  publish_all({"before"});
  ASSERT_TRUE(collector.wait_for(1, "the message before"));
  subscription->acknowledge(collector.tags());
  EXPECT_EQ(collector.count_after(quiet), 1U);

  fixture().take_away();
  ASSERT_TRUE(wait_until([&] { return !broker().is_connected(); }, "the broker is seen to be away"));
  const Message meanwhile = make_message(channel, "key", "meanwhile");
  EXPECT_EQ(publish_and_wait(broker(), meanwhile), PublishResult(std::unexpected(PublishFailure::unconfirmed)));
  const auto state = broker().state();
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, errors::ErrorKind::unavailable);
  const auto positions = broker().positions(std::vector<std::string>{std::string(channel)});
  ASSERT_FALSE(positions);
  EXPECT_EQ(positions.error().kind, errors::ErrorKind::unavailable);

  fixture().bring_back();
  publish_until_stored(broker(), meanwhile);
  EXPECT_TRUE(broker().is_connected());
  // The first may come again: a server that crashed may have forgotten that it was acknowledged. Nothing else may, and in this order.
  ASSERT_TRUE(wait_until([&] { return collector.payloads().back() == "meanwhile"; }, "the message after"));
  collector.count_after(quiet);
  auto payloads = collector.payloads();
  payloads.erase(std::ranges::unique(payloads).begin(), payloads.end());
  EXPECT_EQ(payloads, (std::vector<std::string>{"before", "meanwhile"}));
}

TEST_P(BrokerConformance, AnswersEveryPublishWhenTheBrokerGoes) {
  constexpr int count = 500;
  std::atomic<int> answered = 0;
  for (int i = 0; i < count; ++i) {
    if (i == count / 2) fixture().take_away();
    broker().publish(make_message(channel, "key", std::to_string(i)), [&](PublishResult) { ++answered; });
  }
  wait_until([&] { return answered == count; }, "an answer to every publish");
  fixture().bring_back();
  publish_until_stored(broker(), make_message(channel, "key", "after"));
  EXPECT_EQ(answered, count) << "answered twice";
}

TEST_P(BrokerConformance, DeliversWhatASubscriptionMissedMadeWhileAway) {
  publish_all({"before"});
  fixture().take_away();
  ASSERT_TRUE(wait_until([&] { return !broker().is_connected(); }, "the broker is seen to be away"));
  Collector collector;
  const auto subscription = broker().subscribe(as_group("made-while-away"), collector.into());
  fixture().bring_back();
  collector.wait_for(1, "the message from before");
}

TEST_P(BrokerConformance, TellsOfConnections) {
  std::mutex mutex;
  std::vector<bool> seen;
  broker().on_connection([&](bool connected) {
    // A listener may ask for the state: that is what a relay does when the broker is back.
    const bool has_state = broker().state().has_value();
    const std::scoped_lock lock(mutex);
    seen.push_back(connected);
    EXPECT_EQ(has_state, connected);
  });
  const auto says = [&](std::vector<bool> wanted) {
    return wait_until(
        [&] {
          const std::scoped_lock lock(mutex);
          return seen == wanted;
        },
        "the listener hears of it");
  };
  fixture().take_away();
  ASSERT_TRUE(says({false}));
  fixture().bring_back();
  ASSERT_TRUE(says({false, true}));
  fixture().destroy_broker();
}

TEST_P(BrokerConformance, ChangesItsIdentityWhenItWasWipedAndGoesOn) {
  Collector collector;
  const auto subscription = broker().subscribe(as_group("readers"), collector.into());
  publish_all({"old 1", "old 2", "old 3"});
  ASSERT_TRUE(collector.wait_for(3, "the old ones"));
  const auto old_tags = collector.tags();
  subscription->acknowledge(std::vector{old_tags[0]});
  const auto before = broker().state();
  ASSERT_TRUE(before);

  fixture().wipe();
  std::optional<StreamState> after;
  ASSERT_TRUE(wait_until(
      [&] {
        const auto state = broker().state();
        if (state) after = *state;
        return after && after->identity != before->identity;
      },
      "another identity"));
  EXPECT_EQ(after->last_sequence, 0U);

  publish_until_stored(broker(), make_message(channel, "key", "new 1"));
  publish_until_stored(broker(), make_message(channel, "key", "new 2"));
  ASSERT_TRUE(collector.wait_for(5, "the new ones"));
  EXPECT_EQ(collector.payloads().at(3), "new 1");
  // Tags from before the wipe mean nothing now, least of all the new messages.
  subscription->acknowledge(old_tags);
  EXPECT_TRUE(collector.wait_for(7, "the new ones again, as only old tags were acknowledged"));
}

TEST_P(BrokerConformance, CallsNothingBackAfterASubscriptionEnded) {
  std::atomic<bool> ended = false;
  std::atomic<int> too_late = 0;
  std::atomic<int> came = 0;
  std::atomic<bool> stop = false;
  constexpr int most_under_way = 512;  // as the relay
  std::atomic<int> under_way = 0;
  std::jthread publisher([&] {
    while (!stop) {
      if (under_way < most_under_way) {
        ++under_way;
        broker().publish(make_message(channel, "key"), [&](PublishResult) { --under_way; });
      } else {
        std::this_thread::yield();
      }
    }
  });
  for (int round = 0; round < 20; ++round) {
    ended = false;
    const int before = came;
    auto subscription = broker().subscribe(as_group("readers", 1000), [&](Delivery) {
      ++came;
      if (ended) ++too_late;
    });
    wait_until([&] { return came > before; }, "deliveries are under way");
    subscription.reset();
    ended = true;
    std::this_thread::yield();
  }
  stop = true;
  publisher.join();
  wait_until([&] { return under_way == 0; }, "every publish is answered");
  EXPECT_EQ(too_late, 0);
}

TEST_P(BrokerConformance, MayEndASubscriptionFromItsOwnDelivery) {
  std::mutex mutex;
  std::unique_ptr<Subscription> subscription;
  std::atomic<int> came = 0;
  {
    const std::scoped_lock lock(mutex);
    subscription = broker().subscribe(as_group("readers"), [&](Delivery) {
      const std::scoped_lock inner(mutex);
      ++came;
      subscription.reset();
    });
  }
  publish_all({"one", "two"});
  wait_until([&] { return came > 0; }, "a delivery");
  const std::scoped_lock lock(mutex);
  EXPECT_EQ(came, 1);
}

TEST_P(BrokerConformance, AnswersAllAndCallsNothingBackAfterItsEnd) {
  std::atomic<bool> ended = false;
  std::atomic<int> too_late = 0;
  std::atomic<int> answered = 0;
  Collector collector;
  auto subscription = broker().subscribe(as_group("readers"), collector.into());
  for (int i = 0; i < 500; ++i) {
    broker().publish(make_message(channel, "key"), [&](PublishResult) {
      ++answered;
      if (ended) ++too_late;
    });
  }
  subscription.reset();
  fixture().destroy_broker();
  ended = true;
  EXPECT_EQ(answered, 500);
  EXPECT_EQ(too_late, 0);
}

}  // namespace pkg::messaging::testing
