#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "pkg/messaging/cloud_event.hpp"
#include "pkg/messaging/header_text.hpp"
#include "pkg/messaging/names.hpp"

namespace pkg::messaging {
namespace {

constexpr std::string_view channel = "mallbots.baskets.events.Basket";

Message full_message() {
  Message message;
  message.id = "0190163d-8694-739b-aea5-966c26f8ad91";
  message.type = "mallbots.baskets.v1.BasketCheckedOut";
  message.source = "/mallbots/baskets";
  message.subject = "basket";
  message.channel = channel;
  message.key = "basket";
  message.time = clock::from_unix_us(1'700'000'000'123'456);
  message.aggregate_version = 7;
  message.correlation_id = "correlation";
  message.causation_id = "causation";
  message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  message.headers = {{"saga-name", "Größe 100%"}};
  message.payload = std::string("\0\1\2", 3);
  return message;
}

std::vector<Header> full_headers() { return encode_headers(full_message()).value(); }

std::vector<Header> with(std::string_view name, std::string_view value) {
  auto headers = full_headers();
  std::erase_if(headers, [&](const Header& header) { return header.first == name; });
  headers.emplace_back(name, value);
  return headers;
}

TEST(CloudEvent, IsWrittenAsTheBindingSays) {
  const std::vector<Header> expected{
      {"ce-specversion", "1.0"},
      {"ce-id", "0190163d-8694-739b-aea5-966c26f8ad91"},
      {"ce-type", "mallbots.baskets.v1.BasketCheckedOut"},
      {"ce-source", "/mallbots/baskets"},
      {"ce-subject", "basket"},
      {"ce-partitionkey", "basket"},
      {"ce-correlationid", "correlation"},
      {"ce-causationid", "causation"},
      {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
      {"ce-time", "2023-11-14T22:13:20.123456Z"},
      {"ce-aggregateversion", "7"},
      {"content-type", "application/protobuf"},
      {"saga-name", "Gr%C3%B6%C3%9Fe%20100%25"},
  };
  EXPECT_EQ(full_headers(), expected);
}

TEST(CloudEvent, ReadsWhatItWrites) {
  const Message message = full_message();
  EXPECT_EQ(decode_message(channel, full_headers(), message.payload).value(), message);
  auto backwards = full_headers();
  std::ranges::reverse(backwards);
  EXPECT_EQ(decode_message(channel, backwards, message.payload).value(), message);
}

TEST(CloudEvent, LeavesOutWhatIsEmpty) {
  Message message = full_message();
  message.subject = message.correlation_id = message.causation_id = message.traceparent = "";
  message.aggregate_version = 0;
  message.headers = {{"note", ""}};
  const auto headers = encode_headers(message).value();
  EXPECT_EQ(headers.size(), 7U);
  message.headers.clear();
  EXPECT_EQ(decode_message(channel, headers, message.payload).value(), message);
}

TEST(CloudEvent, KeepsAttributesItDoesNotKnow) {
  const auto message = decode_message(channel, with("ce-dataschema", "urn:x"), "").value();
  EXPECT_EQ(message.headers.at("ce-dataschema"), "urn:x");
  EXPECT_TRUE(encode_headers(message));
}

TEST(CloudEvent, NamesTheHeaderThatIsMissing) {
  for (const auto* name : {"ce-specversion", "ce-id", "ce-type", "ce-source", "ce-partitionkey", "ce-time", "content-type"}) {
    auto headers = full_headers();
    std::erase_if(headers, [&](const Header& header) { return header.first == name; });
    const auto message = decode_message(channel, headers, "");
    ASSERT_FALSE(message) << name;
    EXPECT_EQ(message.error(), std::string("header ") + name + " is missing");
  }
}

TEST(CloudEvent, RefusesEveryHeaderThatComesTwice) {
  for (const Header& header : full_headers()) {
    auto headers = full_headers();
    headers.push_back(header);
    const auto message = decode_message(channel, headers, "");
    ASSERT_FALSE(message) << header.first;
    EXPECT_EQ(message.error(), "header " + header.first + " came more than once");
  }
}

TEST(CloudEvent, RefusesGarbage) {
  const std::vector<Header> garbage{
      {"ce-specversion", "0.3"},
      {"ce-specversion", ""},
      {"ce-id", "17"},
      {"ce-id", ""},
      {"ce-type", ""},
      {"ce-type", "a\nb"},
      {"ce-type", "a%0Ab"},
      {"ce-subject", "%"},
      {"ce-subject", "%4"},
      {"ce-subject", "%zz"},
      {"ce-subject", "%C3"},
      {"ce-subject", "%C0%80"},
      {"ce-subject", "%ED%A0%80"},
      {"ce-subject", "%F4%90%80%80"},
      {"ce-subject", "raw \xC3\xB6"},
      {"ce-subject", std::string(max_header_value + 1, 'x')},
      {"ce-subject", std::string("\0", 1)},
      {"ce-time", "yesterday"},
      {"ce-time", "2023-02-29T00:00:00Z"},
      {"ce-time", "2023-11-14T24:00:00Z"},
      {"ce-time", "2023-11-14T22:13:20.Z"},
      {"ce-time", "2023-11-14T22:13:20.1234567Z"},
      {"ce-time", "2023-11-14T22:13:20+01:00"},
      {"ce-time", "2023-11-14T22:13:20Z "},
      {"ce-aggregateversion", "-1"},
      {"ce-aggregateversion", "01"},
      {"ce-aggregateversion", "1.5"},
      {"ce-aggregateversion", "18446744073709551616"},
      {"content-type", "application/json"},
      {"saga-name", ""},
      {"saga-name", "%7F"},
      {"Saga-Name", "upper case"},
      {"", "no name"},
      {"a b", "space in the name"},
      {std::string(max_header_name + 1, 'n'), "long name"},
  };
  for (const auto& [name, value] : garbage) {
    const auto message = decode_message(channel, with(name, value), "");
    ASSERT_FALSE(message) << name << ": " << value;
    EXPECT_GT(message.error().size(), 10U);
    EXPECT_TRUE(std::ranges::all_of(message.error(), [](char c) { return c >= 0x20 && c <= 0x7e; })) << message.error();
  }
}

TEST(CloudEvent, RefusesTooManyHeaders) {
  auto headers = full_headers();
  while (headers.size() <= max_headers) headers.emplace_back("extra-" + std::to_string(headers.size()), "x");
  EXPECT_FALSE(decode_message(channel, headers, ""));
}

TEST(CloudEvent, WritesNothingThatItWouldNotRead) {
  std::vector<Message> messages(10, full_message());
  messages[0].id = "";
  messages[1].id = "17";
  messages[2].type = "";
  messages[3].key = "";
  messages[4].subject = "tab\t";
  messages[5].subject = "\xff";
  messages[6].time = clock::TimePoint::max();
  messages[7].headers = {{"ce-id", "again"}};
  messages[8].headers = {{"Upper", ""}};
  messages[9].headers = {{"long", std::string(max_header_value / 3 + 1, ' ')}};
  for (std::size_t i = 0; i < messages.size(); ++i) EXPECT_FALSE(encode_headers(messages[i])) << i;
}

TEST(CloudEvent, ReadsNothingThatItCouldNotSendOn) {
  // Good as it came, too long once its quotes are encoded.
  EXPECT_FALSE(decode_message(channel, with("further", std::string(max_header_value, '"')), ""));
  EXPECT_TRUE(decode_message(channel, with("further", std::string(max_header_value, 'x')), ""));
}

TEST(CloudEvent, SurvivesAnyBytes) {
  std::mt19937 random(17);
  for (int round = 0; round < 20'000; ++round) {
    auto headers = full_headers();
    for (int hits = 0; hits < 2; ++hits) {
      auto& [name, value] = headers[random() % headers.size()];
      std::string& text = random() % 4 == 0 ? name : value;
      if (!text.empty()) text[random() % text.size()] = static_cast<char>(random());
    }
    const auto message = decode_message(channel, headers, "");
    if (message) {
      EXPECT_TRUE(encode_headers(*message)) << round;
    } else {
      EXPECT_FALSE(message.error().empty());
    }
  }
}

TEST(HeaderText, TimesSurviveTheRoundTrip) {
  for (const std::int64_t us : {0LL, -1LL, 951'782'399'999'999LL, 253'402'300'799'999'999LL, -62'167'219'200'000'000LL}) {
    const auto time = clock::from_unix_us(us);
    EXPECT_EQ(parse_time(format_time(time).value()), time) << us;
  }
  EXPECT_EQ(format_time(clock::from_unix_us(-1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(parse_time("1970-01-01T00:00:00.5Z"), clock::from_unix_us(500'000));
  EXPECT_FALSE(format_time(clock::from_unix_us(253'402'300'800'000'000LL)));
  EXPECT_FALSE(format_time(clock::from_unix_us(-62'167'219'200'000'001LL)));
}

TEST(HeaderText, ATimeFarOffIsNotTakenForOneOfOurYears) {
  // Years past 32767 do not fit into std::chrono::year: 65536 years on it was 2000 again.
  const clock::TimePoint in_2000{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1}};
  EXPECT_FALSE(format_time(in_2000 + std::chrono::days{23'936'532}));
  for (const auto time : {clock::TimePoint::min(), clock::TimePoint::max()}) EXPECT_FALSE(format_time(time));
}

TEST(TypeOfHeaders, IsSaidOnlyWhereItIsPlain) {
  const auto type_of = [](std::vector<Header> headers) { return std::string(type_in(headers).value_or("not known")); };
  EXPECT_EQ(type_of({{"ce-id", "x"}, {"ce-type", "mall.Happened"}}), "mall.Happened");
  EXPECT_EQ(type_of({{"ce-id", "mall.Happened"}}), "not known");
  EXPECT_EQ(type_of({{"ce-type", ""}}), "not known");
  EXPECT_EQ(type_of({{"ce-type", "mall%2EHappened"}}), "not known") << "it is mall.Happened";
  EXPECT_EQ(type_of({{"ce-type", "mall.Happened"}, {"ce-type", "mall.Other"}}), "not known");
}

TEST(Channel, IsAWordOrWordsWithDots) {
  for (const auto* good : {"a", "mallbots.baskets.events.Basket", "a-b_c.D9"}) EXPECT_TRUE(is_channel_name(good)) << good;
  for (const auto* bad : {"", ".", "a.", ".a", "a..b", "a b", "a.*", "a.>", "ä"}) EXPECT_FALSE(is_channel_name(bad)) << bad;
}

TEST(Group, IsOneWord) {
  for (const auto* good : {"ordering", "a-b_c9"}) EXPECT_TRUE(is_group_name(good)) << good;
  for (const auto* bad : {"", "a.b", "a b", "a~b"}) EXPECT_FALSE(is_group_name(bad)) << bad;
}

}  // namespace
}  // namespace pkg::messaging
