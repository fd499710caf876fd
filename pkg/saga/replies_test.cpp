#include "pkg/saga/replies.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging/cloud_event.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"

namespace pkg::saga {
namespace {

using errors::ErrorKind;
using errors::Result;
using google::protobuf::Int64Value;
using google::protobuf::StringValue;

class AParticipant : public ::testing::Test {
 protected:
  static messaging::Message command(const std::string& text = "room") {
    StringValue payload;
    payload.set_value(text);
    messaging::Message message;
    message.id = "command-1";
    message.type = "google.protobuf.StringValue";
    message.correlation_id = "corr";
    message.traceparent = "trace";
    message.payload = payload.SerializeAsString();
    message.headers = {{"saga-name", "Trip"},
                       {"saga-id", "s1"},
                       {"saga-step", "book_hotel"},
                       {"saga-direction", "forward"},
                       {"saga-reply-to", "trips.replies"}};
    return message;
  }
  Result<> handle(const messaging::Message& message) {
    const auto* handler = handlers.find(message.type);
    return transactor.run({}, [&](uow::UnitOfWork& unit) { return (*handler)(unit, message); });
  }
  void answers(std::function<Result<>()> answer) {
    on_command<StringValue>(
        handlers, replies,
        [answer = std::move(answer)](uow::UnitOfWork&, const messaging::Message&, const StringValue&) { return answer(); });
  }
  static std::function<Result<>()> done() {
    return [] { return Result<>(); };
  }

  clock::ManualClock clock;
  ids::CountingIds ids;
  uow::MemoryTransactor transactor;
  testing::MemoryOutbox outbox;
  messaging::Handlers handlers;
  Replies replies{outbox, ids, clock, "/trips/hotels"};
};

TEST_F(AParticipant, AnswersSuccessWithWhatLaterStepsNeed) {
  Int64Value room;
  room.set_value(42);
  on_command<StringValue>(handlers, replies,
                          [room](uow::UnitOfWork&, const messaging::Message&, const StringValue&) { return Result<Int64Value>(room); });
  ASSERT_TRUE(handle(command()));
  const auto sent = outbox.take_sent();
  ASSERT_EQ(sent.size(), 1U);
  const auto& reply = sent.front();
  EXPECT_EQ(reply.id, ids::CountingIds::nth(1).to_string());
  EXPECT_EQ(reply.type, reply_type);
  EXPECT_EQ(reply.source, "/trips/hotels");
  EXPECT_EQ(reply.channel, "trips.replies");
  EXPECT_EQ(reply.key, "s1");
  EXPECT_EQ(reply.subject, "s1");
  EXPECT_EQ(reply.correlation_id, "corr");
  EXPECT_EQ(reply.causation_id, "command-1");
  EXPECT_EQ(reply.traceparent, "trace");
  EXPECT_EQ(reply.time, clock.now());
  EXPECT_EQ(reply.headers, (std::map<std::string, std::string>{{"saga-name", "Trip"},
                                                               {"saga-id", "s1"},
                                                               {"saga-step", "book_hotel"},
                                                               {"saga-direction", "forward"},
                                                               {"saga-command-id", "command-1"},
                                                               {"saga-outcome", "success"},
                                                               {"saga-payload-type", "google.protobuf.Int64Value"}}));
  const auto read = reply_of(reply);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->success);
  EXPECT_EQ(read->command_id, "command-1");
  EXPECT_EQ(read->payload, room.SerializeAsString());
}

TEST_F(AParticipant, AnswersSuccessWithoutAPayload) {
  answers(done());
  ASSERT_TRUE(handle(command()));
  const auto sent = outbox.take_sent();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_TRUE(sent.front().payload.empty());
  EXPECT_FALSE(sent.front().headers.contains("saga-payload-type"));
}

TEST_F(AParticipant, TellsTheSagaOfARejection) {
  for (const auto kind : {ErrorKind::malformed, ErrorKind::unauthenticated, ErrorKind::forbidden, ErrorKind::not_found, ErrorKind::conflict,
                          ErrorKind::stale, ErrorKind::rejected}) {
    answers([kind]() -> Result<> { return errors::fail(kind, "full", "No room."); });
    ASSERT_TRUE(handle(command())) << "the message is handled";
    const auto sent = outbox.take_sent();
    ASSERT_EQ(sent.size(), 1U);
    const auto read = reply_of(sent.front());
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->success);
    EXPECT_EQ(read->failure_code, "full");
    EXPECT_EQ(read->failure_detail, "No room.");
  }
}

TEST_F(AParticipant, LeavesTheMessageToBeTriedAgainWhereSomethingWentWrong) {
  for (const auto kind : {ErrorKind::too_many, ErrorKind::unavailable, ErrorKind::contended, ErrorKind::internal}) {
    answers([kind]() -> Result<> { return errors::fail(kind, "away", "Away."); });
    const auto failed = handle(command());
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, kind);
    EXPECT_TRUE(outbox.take_sent().empty());
  }
}

TEST_F(AParticipant, SaysNothingThatABrokerWouldNotCarry) {
  const std::string broken = "line one\r\nline two \xc3\x28" + std::string(5000, 'x');
  answers([broken]() -> Result<> { return errors::fail(ErrorKind::rejected, "full", broken); });
  auto message = command();
  message.id = ids.next().to_string();
  ASSERT_TRUE(handle(message));
  auto sent = outbox.take_sent();
  ASSERT_EQ(sent.size(), 1U);
  const auto encoded = messaging::encode_headers(sent.front());
  ASSERT_TRUE(encoded) << encoded.error();
  const auto read = messaging::decode_message(sent.front().channel, *encoded, sent.front().payload);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(reply_of(*read)->failure_detail.substr(0, 20), "line one  line two ?");
}

TEST_F(AParticipant, CarriesAReplyThroughABrokersHeaders) {
  answers([]() -> Result<> { return errors::fail(ErrorKind::rejected, "full", "Kein Zimmer für zwei."); });
  ASSERT_TRUE(handle(command()));
  auto sent = outbox.take_sent();
  ASSERT_EQ(sent.size(), 1U);
  const auto encoded = messaging::encode_headers(sent.front());
  ASSERT_TRUE(encoded) << encoded.error();
  const auto read = messaging::decode_message(sent.front().channel, *encoded, sent.front().payload);
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read->headers, sent.front().headers);
  EXPECT_EQ(reply_of(*read)->failure_detail, "Kein Zimmer für zwei.");
}

TEST_F(AParticipant, RefusesACommandThatDoesNotSayWhereToAnswer) {
  answers(done());
  for (const auto& [header, value] : command().headers) {
    auto bad = command();
    bad.headers.erase(header);
    const auto refused = handle(bad);
    ASSERT_FALSE(refused) << header;
    EXPECT_EQ(refused.error().kind, ErrorKind::malformed);
  }
}

}  // namespace
}  // namespace pkg::saga
