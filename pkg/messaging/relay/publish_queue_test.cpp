#include "pkg/messaging/relay/publish_queue.hpp"

#include <gtest/gtest.h>

namespace pkg::messaging {
namespace {

constexpr clock::TimePoint t0{std::chrono::seconds(1000)};

OutboxRow row(Seq seq, const std::string& key, const std::string& channel = "mall.events") {
  Message message;
  message.id = "id-" + std::to_string(seq);
  message.channel = channel;
  message.key = key;
  return {seq, {std::make_shared<const Message>(message)}};  // shared as said at OutboxRow
}

Seq taken(PublishQueue& queue) {
  const auto next = queue.next();
  return next ? next->place.seq : 0;
}

TEST(PublishQueue, HasOneOfAKeyInFlightAndManyKeys) {
  PublishQueue queue;
  queue.push(row(1, "a"));
  queue.push(row(2, "a"));
  queue.push(row(3, "b"));
  EXPECT_EQ(taken(queue), 1u);
  EXPECT_EQ(taken(queue), 3u);
  EXPECT_EQ(taken(queue), 0u);
  queue.done({1});
  EXPECT_EQ(taken(queue), 2u);
}

TEST(PublishQueue, KeepsNoOrderBetweenChannelsOrAmongMessagesWithoutAKey) {
  PublishQueue queue;
  queue.push(row(1, "a", "x"));
  queue.push(row(2, "a", "y"));
  queue.push(row(3, ""));
  queue.push(row(4, ""));
  for (Seq seq = 1; seq <= 4; ++seq) EXPECT_EQ(taken(queue), seq);
}

TEST(PublishQueue, TakesAnUnconfirmedRowAgainBeforeTheNextOfItsKey) {
  PublishQueue queue;
  queue.push(row(1, "a"));
  queue.push(row(2, "a"));
  EXPECT_EQ(taken(queue), 1u);
  queue.again({1}, t0 + std::chrono::seconds(1));
  queue.wake(t0);
  EXPECT_EQ(taken(queue), 0u);
  EXPECT_EQ(queue.next_wake(), t0 + std::chrono::seconds(1));
  queue.wake(t0 + std::chrono::seconds(1));
  EXPECT_EQ(taken(queue), 1u);
  EXPECT_EQ(queue.attempts({1}), 2u);
}

TEST(PublishQueue, IgnoresNewsOfARowThatIsNotInFlight) {
  PublishQueue queue;
  queue.push(row(1, "a"));
  queue.push(row(2, "a"));
  queue.done({1});
  queue.done({9});
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(taken(queue), 1u);
  queue.done({2});
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.lowest(), 1u);
}

TEST(PublishQueue, HasTheMessagesOfARowByTheirKeysAndIsDoneWithItAfterTheLast) {
  PublishQueue queue;
  auto several = row(1, "a");
  several.messages.push_back(row(1, "b").messages.front());
  several.messages.push_back(several.messages.front());
  queue.push(std::move(several));
  queue.push(row(2, "b"));
  EXPECT_EQ(queue.size(), 4u);
  const auto next = [&] { return queue.next().value_or(OutboxMessage{}).place; };
  EXPECT_EQ(next(), (OutboxPlace{1, 0}));
  EXPECT_EQ(next(), (OutboxPlace{1, 1}));
  EXPECT_EQ(next(), OutboxPlace{}) << "each key has one in flight";
  queue.done({1, 1});
  EXPECT_EQ(next(), (OutboxPlace{2, 0}));
  queue.done({2, 0});
  queue.done({1, 0});
  EXPECT_EQ(next(), (OutboxPlace{1, 2}));
  EXPECT_EQ(queue.lowest(), 1u);
  queue.done({1, 2});
  EXPECT_EQ(queue.lowest(), std::nullopt);
}

}  // namespace
}  // namespace pkg::messaging
