#include "pkg/messaging/nats/bundle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "pkg/messaging/nats/protocol.hpp"
#include "pkg/messaging/nats/wire.hpp"
#include "pkg/messaging/testing/collector.hpp"

namespace pkg::messaging::nats {
namespace {

constexpr std::string_view channel = "mallbots.testing.events.Thing";

std::vector<HeaderView> headers_of(const Record& record, std::string& block) {
  append_header_block(block, record.header_lines);
  std::vector<HeaderView> headers;
  EXPECT_TRUE(read_header_block(block, headers));
  return headers;
}

std::string header_of(const Record& record, std::string_view name) {
  std::string block;
  const auto headers = headers_of(record, block);
  const auto found = std::ranges::find(headers, name, &HeaderView::first);
  return found == headers.end() ? std::string() : std::string(found->second);
}

Message message(std::string_view key, std::string_view payload, std::string type = "mall.Happened") {
  Message made = testing::make_message(channel, key, payload);
  made.type = std::move(type);
  return made;
}

void add(Bundler& bundler, const Message& message) {
  bundler.add(message, message_subject(message.channel, message.type), encode_header_lines(message).value(), [](PublishResult) {});
}

/// As a consumer reads it.
std::vector<Message> messages_in(const Record& record) {
  std::vector<Message> messages;
  const auto count = header_of(record, bundle_header);
  if (count.empty()) {
    std::string block;
    auto headers = headers_of(record, block);
    std::erase_if(headers, [](const HeaderView& header) { return header.first == "Nats-Msg-Id"; });
    messages.push_back(decode_message(channel, headers, record.payload).value());
    return messages;
  }
  const auto bundle = read_bundle(count, record.payload);
  for (const auto& each : bundle.value()) {
    EXPECT_FALSE(each.has_broken_headers);
    messages.push_back(decode_message(channel, each.headers, each.payload).value());
  }
  return messages;
}

TEST(Bundle, IsWhatOneSubjectHas) {
  Bundler bundler;
  const Message one = message("1", "one\r\nand more"), two = message("2", ""), other = message("3", "x", "mall.Ended");
  for (const auto& each : {one, other, two}) add(bundler, each);
  const auto records = bundler.take();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].subject, "mallbots.testing.events.Thing.Happened");
  EXPECT_EQ(records[0].published.size(), 2U);
  EXPECT_EQ(messages_in(records[0]), (std::vector{one, two}));
  EXPECT_EQ(messages_in(records[1]), std::vector{other});
  EXPECT_TRUE(bundler.take().empty());
}

TEST(Bundle, OfOneIsTheMessage) {
  Bundler bundler;
  const Message one = message("1", "one");
  add(bundler, one);
  const auto records = bundler.take();
  EXPECT_EQ(header_of(records.at(0), "Nats-Msg-Id"), one.id);
  EXPECT_EQ(header_of(records.at(0), bundle_header), "");
  EXPECT_EQ(records.at(0).payload, "one");
}

TEST(Bundle, IsKnownAgainByItsMessages) {
  const Message one = message("1", "one"), two = message("2", "two"), three = message("3", "three");
  const auto id_of = [](const std::vector<Message>& messages) {
    Bundler bundler;
    for (const auto& each : messages) add(bundler, each);
    const auto records = bundler.take();
    EXPECT_EQ(records.size(), 1U);
    return header_of(records[0], "Nats-Msg-Id");
  };
  EXPECT_EQ(id_of({one, two}), id_of({one, two}));
  const std::set<std::string> ids{id_of({one}), id_of({one, two}), id_of({one, two, three}), id_of({one, three}), id_of({two, three})};
  EXPECT_EQ(ids.size(), 5U) << "the server would drop one for another";
}

TEST(Bundle, HasItsLimits) {
  Bundler bundler;
  for (std::size_t i = 0; i < most_in_bundle + 1; ++i) add(bundler, message(std::to_string(i), "small"));
  auto records = bundler.take();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].published.size(), most_in_bundle);

  for (int i = 0; i < 5; ++i) add(bundler, message(std::to_string(i), std::string(largest_bundle / 3, 'x')));
  add(bundler, message("large", std::string(2 * largest_bundle, 'x')));
  records = bundler.take();
  for (const auto& record : records) EXPECT_TRUE(record.published.size() == 1 || record.payload.size() <= largest_bundle + 100);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[3].payload.size(), 2 * largest_bundle);
}

TEST(Bundle, KeepsEachKeysOrder) {
  std::mt19937 random(4711);
  for (int round = 0; round < 200; ++round) {
    Bundler bundler;
    std::map<std::string, std::vector<Message>> added;
    const unsigned keys = 1 + random() % 8, types = 1 + random() % 4;
    const int count = static_cast<int>(random() % 80);
    for (int i = 0; i < count; ++i) {
      auto made = message(std::to_string(random() % keys), std::to_string(i), "mall.Type" + std::to_string(random() % types));
      add(bundler, made);
      added[made.key].push_back(std::move(made));
    }
    std::map<std::string, std::vector<Message>> read;
    for (const auto& record : bundler.take()) {
      EXPECT_LE(record.published.size(), most_in_bundle);
      for (auto& each : messages_in(record)) {
        EXPECT_EQ(message_subject(each.channel, each.type), record.subject);
        read[each.key].push_back(std::move(each));
      }
    }
    ASSERT_EQ(read, added) << "round " << round;
  }
}

TEST(Bundle, IsReadOrRefusedWithASentence) {
  EXPECT_TRUE(read_bundle("1", "0 0\r\n\r\n"));
  EXPECT_TRUE(read_bundle("2", "0 3\r\nabc\r\n0 0\r\n\r\n"));
  const auto broken = read_bundle("1", "9 0\r\nnonsense!\r\n");
  ASSERT_TRUE(broken);
  EXPECT_TRUE(broken->at(0).has_broken_headers) << "its neighbours can be read";
  const std::pair<std::string, std::string> refused[] = {
      {"", "0 0\r\n\r\n"},
      {"0", ""},
      {"x", "0 0\r\n\r\n"},
      {"1", ""},
      {"2", "0 0\r\n\r\n"},
      {"1", "0 0\r\n\r\n0 0\r\n\r\n"},
      {"1", "0 0\r\n"},
      {"1", "0 9\r\nabc\r\n"},
      {"1", "9 0\r\nabc\r\n"},
      {"1", "0\r\n\r\n"},
      {"1", " 0\r\n\r\n"},
      {"1", "0 0"},
      {"1", "0 3\r\nabcd\r\n"},
      {"1001", "0 0\r\n\r\n"},
      {"1", "0 18446744073709551615\r\n\r\n"},
      {"1", "18446744073709551615 2\r\n\r\n"},
  };
  for (const auto& [count, body] : refused) {
    const auto read = read_bundle(count, body);
    ASSERT_FALSE(read) << count << ": " << body;
    EXPECT_FALSE(read.error().empty());
  }
}

}  // namespace
}  // namespace pkg::messaging::nats
