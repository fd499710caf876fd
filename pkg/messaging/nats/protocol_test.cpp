#include "pkg/messaging/nats/protocol.hpp"

#include <gtest/gtest.h>

#include "pkg/messaging/nats/confirmations.hpp"
#include "pkg/messaging/nats/unacknowledged.hpp"

namespace pkg::messaging::nats {
namespace {

using std::chrono::milliseconds;

TEST(NatsProtocol, ReadsWhereADeliveryComesFrom) {
  const auto origin = read_reply_subject("$JS.ACK.mallbots.ordering~mallbots~a.3.42.7.1795354506223621365.5");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->durable, "ordering~mallbots~a");
  EXPECT_EQ(origin->attempt, 3U);
  EXPECT_EQ(origin->sequence, 42U);
  EXPECT_EQ(origin->stored_at, clock::from_unix_us(1795354506223621));
  EXPECT_EQ(origin->stored_at, clock::from_unix_us(1795354506223621));
  const auto later_form = read_reply_subject("$JS.ACK.hub.account.mallbots.durable.1.2.3.4.5.random");
  ASSERT_TRUE(later_form);
  EXPECT_EQ(later_form->durable, "durable");
  EXPECT_EQ(later_form->sequence, 2U);
}

TEST(NatsProtocol, TakesNoOtherReplyForADelivery) {
  for (const auto* other : {"", "$JS.ACK.", "_INBOX.x.0", "$JS.ACK.mallbots.durable.1.2.3.4", "$JS.ACK.mallbots.durable.x.2.3.4.5",
                            "$JS.ACK.mallbots.durable.1.-2.3.4.5", "$JS.ACK.mallbots..1.2.3.4.5", "$JS.ACK.a.b.c.d.e.f.g.h"}) {
    EXPECT_FALSE(read_reply_subject(other)) << other;
  }
}

TEST(NatsProtocol, ReadsTheAnswerToAPublish) {
  constexpr auto unconfirmed = PublishFailure::unconfirmed;
  struct Case {
    const char* json;
    PublishResult result;
  };
  const std::vector<Case> cases{
      {R"({"stream":"mallbots", "seq":7})", Stored{7, false}},
      {R"({"stream":"mallbots","seq":7,"duplicate":true})", Stored{7, true}},
      {R"({"stream":"m","seq":7,"duplicate":"yes"})", Stored{7, false}},
      {R"({"error":{"code":400,"err_code":10054,"description":"message size exceeds maximum allowed"}})",
       std::unexpected(PublishFailure::refused)},
      {R"({"error":{"code":503,"err_code":10077,"description":"no space left"},"stream":"m","seq":0})", std::unexpected(unconfirmed)},
      {R"({"error":{"code":"many"}})", std::unexpected(unconfirmed)},
      {R"({"seq":-1})", std::unexpected(unconfirmed)},
      {R"([1])", std::unexpected(unconfirmed)},
      {"", std::unexpected(unconfirmed)},
      {"+OK", std::unexpected(unconfirmed)},
  };
  for (const auto& [json, result] : cases) EXPECT_EQ(read_publish_answer(json), result) << json;
}

TEST(NatsProtocol, ReadsAStreamAndSeesWhetherItIsAsWanted) {
  NatsOptions options;
  options.max_age = std::chrono::hours{1};
  const std::string json = R"({"config":)" + stream_request(options) + R"(,"created":"2026-11-22T13:35:04.7Z","state":{"last_seq":9}})";
  const auto answer = read_api_answer(json, options);
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.stream, (StreamState{"2026-11-22T13:35:04.7Z", 9}));
  EXPECT_TRUE(answer.stream_is_as_wanted);
  options.max_age = std::chrono::hours{2};
  EXPECT_FALSE(read_api_answer(json, options).stream_is_as_wanted);
}

TEST(NatsProtocol, ReadsWhereAConsumerStandsAndAnswersForItsMessages) {
  const auto answer = read_api_answer(
      R"({"stream_name":"m","delivered":{"consumer_seq":7,"stream_seq":50},"ack_floor":{"consumer_seq":1,"stream_seq":40},"num_ack_pending":3})",
      {});
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.consumer.settled, 40U);
  EXPECT_EQ(answer.consumer.delivered, 50U);
  EXPECT_EQ(answer.consumer.out, 3U);
  const auto subject = answer_subject("m", "durable", 42, answer.consumer);
  EXPECT_EQ(subject, "$JS.ACK.m.durable.1.42.7.0.0");
  EXPECT_EQ(read_reply_subject(subject)->sequence, 42U);
}

TEST(NatsProtocol, ReadsAnErrorOfTheApi) {
  const auto answer = read_api_answer(R"({"error":{"code":404,"err_code":10059,"description":"stream not found"}})", {});
  EXPECT_EQ(answer.error, "stream not found");
  EXPECT_EQ(answer.error_code, stream_not_found);
  for (const auto* garbage : {"", "[]", "{", R"({"error":{}})"}) EXPECT_NE(read_api_answer(garbage, {}).error, "") << garbage;
}

TEST(NatsProtocol, NamesConsumersApart) {
  EXPECT_EQ(durable_name("ordering", "mallbots.x.events.Y"), "ordering~mallbots~x~events~Y");
  EXPECT_NE(durable_name("a", "b.c"), durable_name("a", "b_c"));
  EXPECT_NE(durable_name("a", "b.c"), durable_name("a-b", "c"));
  EXPECT_EQ(durable_name("ordering", 1), "ordering");
  EXPECT_EQ(durable_name("ordering", 2), "ordering~2");
}

TEST(NatsProtocol, SendsAMessageToItsChannelAndTheLastWordOfItsType) {
  EXPECT_EQ(message_subject("mall.events.Order", "mall.ordering.v1.OrderApproved"), "mall.events.Order.OrderApproved");
  EXPECT_EQ(message_subject("c", "Happened"), "c.Happened");
  for (const auto* odd : {"", "mall.", "mall.*", "mall.>", "mall.a b", "mall.passi\u00e9"})
    EXPECT_EQ(message_subject("c", odd), "c") << odd;
}

TEST(NatsProtocol, KnowsTheSubjectsOfWhatIsWanted) {
  using Subjects = std::vector<std::string>;
  EXPECT_EQ(subjects_of("c", {}), (Subjects{"c", "c.*"}));
  EXPECT_EQ(subjects_of("c", Subjects{"m.v1.A", "m.v1.B"}), (Subjects{"c", "c.A", "c.B"}));
  // The server takes no subject twice.
  EXPECT_EQ(subjects_of("c", Subjects{"m.v1.A", "m.v2.A", "odd.*", "odder.*"}), (Subjects{"c", "c.A"}));
}

TEST(NatsProtocol, WritesPullsAndReleases) {
  EXPECT_EQ(pull_request(10, milliseconds{30'000}), R"({"batch":10,"expires":30000000000})");
  EXPECT_EQ(release_text(milliseconds{0}), "-NAK");
  EXPECT_EQ(release_text(milliseconds{150}), R"(-NAK {"delay":150000000})");
}

TEST(NatsProtocol, KnowsTheGroupOfItsOwnConsumersOnly) {
  const auto read = [](const std::string& name, const std::string& config) {
    const auto list = read_consumer_list(R"({"total":1,"consumers":[{"name":")" + name + R"(","config":{)" + config + "}}]}");
    return list.value().consumers.at(0);
  };
  const std::string subjects = R"("filter_subjects":["m.x","m.x.A","m.y"])";
  const std::string channels = R"(,"metadata":{"mallbots-channels":"m.x m.y","_nats.ver":"2.11"})";
  const auto first = read("search", subjects + channels);
  EXPECT_EQ(first.group, "search");
  EXPECT_EQ(first.number, 1U);
  EXPECT_EQ(first.channels, (std::vector<std::string>{"m.x", "m.y"}));
  const auto second = read("search~2", subjects + channels);
  EXPECT_EQ(second.group, "search");
  EXPECT_EQ(second.number, 2U);
  const auto of_one_channel = read("search~m~x", R"("filter_subjects":["m.x","m.x.A"])");
  EXPECT_EQ(of_one_channel.group, "search");
  EXPECT_EQ(of_one_channel.number, 0U);
  EXPECT_EQ(of_one_channel.channels, (std::vector<std::string>{"m.x"}));
  EXPECT_EQ(read("search~m~x", subjects + channels).channels, (std::vector<std::string>{"m.x"}));
  for (const auto& strange :
       {read("search~m~z", subjects), read("somebody-looks-on", subjects), read("search", ""), read("search~0", subjects + channels)}) {
    EXPECT_EQ(strange.group, "") << strange.durable;
  }
}

TEST(NatsProtocol, ReadsAListOfConsumers) {
  const auto list = read_consumer_list(R"({"total":3,"offset":0,"limit":256,"consumers":[{"name":"a~c","config":{"filter_subject":"c"},
    "delivered":{"consumer_seq":5,"stream_seq":17},"ack_floor":{"consumer_seq":4,"stream_seq":15},"num_ack_pending":1}]})");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->total, 3U);
  ASSERT_EQ(list->consumers.size(), 1U);
  EXPECT_EQ(list->consumers[0].durable, "a~c");
  EXPECT_EQ(list->consumers[0].subjects, (std::vector<std::string>{"c"}));
  EXPECT_EQ(list->consumers[0].state.settled, 15U);
  EXPECT_EQ(list->consumers[0].state.delivered, 17U);
  EXPECT_EQ(list->consumers[0].state.out, 1U);
  const auto several = read_consumer_list(R"({"total":2,"consumers":[{"name":"a~c","config":{"filter_subjects":["c","c.A","c.B"]}},
    {"name":"all","config":{}}]})");
  ASSERT_TRUE(several);
  EXPECT_EQ(several->consumers[0].subjects, (std::vector<std::string>{"c", "c.A", "c.B"}));
  EXPECT_TRUE(several->consumers[1].subjects.empty());
  EXPECT_TRUE(read_consumer_list(R"({"total":0,"consumers":null})")->consumers.empty());
  EXPECT_EQ(read_consumer_list(R"({"error":{"err_code":10059,"description":"stream not found"}})").error(), "stream not found");
  EXPECT_FALSE(read_consumer_list("[]"));
  EXPECT_FALSE(read_consumer_list(R"({"consumers":[1]})"));
}

TEST(NatsProtocol, ReadsWhereAChannelEnds) {
  EXPECT_EQ(read_last_sequence(R"({"message":{"subject":"c","seq":42,"data":"AA=="}})"), 42U);
  EXPECT_EQ(read_last_sequence(R"({"error":{"code":404,"err_code":10037,"description":"no message found"}})"), 0U);
  EXPECT_FALSE(read_last_sequence(R"({"error":{"code":503,"err_code":10008,"description":"not now"}})"));
  EXPECT_FALSE(read_last_sequence(R"({"message":{"subject":"c"}})"));
  EXPECT_FALSE(read_last_sequence("no JSON"));
}

TEST(Confirmations, AreTakenOnce) {
  Confirmations confirmations;
  int called = 0;
  const auto count = [&](PublishResult) { ++called; };
  const auto now = Confirmations::Time::clock::now();
  const auto first = confirmations.add(count, now + milliseconds{1});
  const auto second = confirmations.add(count, now + milliseconds{2});
  const auto third = confirmations.add(count, now + milliseconds{3});
  EXPECT_NE(confirmations.take(second), nullptr);
  EXPECT_EQ(confirmations.take(second), nullptr);
  EXPECT_EQ(confirmations.next_deadline(), now + milliseconds{1});
  EXPECT_EQ(confirmations.take_expired(now + milliseconds{1}).size(), 1U);
  EXPECT_EQ(confirmations.take(first), nullptr);
  EXPECT_EQ(confirmations.next_deadline(), now + milliseconds{3});
  EXPECT_EQ(confirmations.take_all().size(), 1U);
  EXPECT_EQ(confirmations.take(third), nullptr);
  EXPECT_EQ(confirmations.take(third + 1), nullptr);
  EXPECT_FALSE(confirmations.next_deadline());
}

TEST(Unacknowledged, KnowsAMessageUnderEveryTag) {
  Unacknowledged out;
  const auto first = out.add(0, 7, "reply 1");
  const auto again = out.add(0, 7, "reply 2");
  const auto other = out.add(1, 7, "other");
  EXPECT_TRUE(out.holds(0, 7));
  EXPECT_FALSE(out.holds(0, 8));
  EXPECT_EQ(out.reply_of(first), "reply 2");
  EXPECT_EQ(out.settle(first), "reply 2");
  EXPECT_FALSE(out.settle(again));
  EXPECT_FALSE(out.reply_of(first));
  out.clear();
  EXPECT_FALSE(out.settle(other));
}

TEST(Unacknowledged, TellsARecordFromALaterOneOfTheSameSequence) {
  Unacknowledged out;
  const auto lost = out.add(0, 7, "lost", 2, clock::from_unix_us(1));
  EXPECT_FALSE(out.settle(lost));
  EXPECT_TRUE(out.holds(0, 7, clock::from_unix_us(1)));
  EXPECT_FALSE(out.holds(0, 7, clock::from_unix_us(2)));
  const auto stored_later = out.add(0, 7, "stored later", 3, clock::from_unix_us(2));
  for (std::uint64_t tag = stored_later; tag < stored_later + 3; ++tag) EXPECT_TRUE(out.is_out(tag));
  EXPECT_FALSE(out.settle(lost + 1)) << "it is not the later one";
  EXPECT_FALSE(out.settle(stored_later));
  EXPECT_FALSE(out.settle(stored_later + 1));
  EXPECT_EQ(out.settle(stored_later + 2), "stored later");
}

TEST(Unacknowledged, HearsOfARecordWhenAllItsMessagesAreSettled) {
  Unacknowledged out;
  const auto before = out.add(0, 6, "before");
  const auto first = out.add(0, 7, "reply 1", 3);
  const auto behind = out.add(0, 8, "behind");
  EXPECT_FALSE(out.settle(first + 1));
  EXPECT_FALSE(out.settle(first + 1)) << "settled twice";
  EXPECT_FALSE(out.is_out(first + 1));
  EXPECT_TRUE(out.is_out(first + 2));
  EXPECT_EQ(out.reply_of(first), "reply 1");

  const auto again = out.add(0, 7, "reply 2", 3);
  EXPECT_FALSE(out.is_out(again + 1)) << "it was settled in the first delivery";
  EXPECT_FALSE(out.settle(again));
  EXPECT_FALSE(out.is_out(first));
  EXPECT_TRUE(out.holds(0, 7));
  EXPECT_EQ(out.settle(first + 2), "reply 2");
  EXPECT_FALSE(out.holds(0, 7));
  EXPECT_FALSE(out.settle(again + 2));
  EXPECT_EQ(out.settle(before), "before");
  EXPECT_EQ(out.settle(behind), "behind");
}

}  // namespace
}  // namespace pkg::messaging::nats
