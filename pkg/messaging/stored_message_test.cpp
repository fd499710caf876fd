#include "pkg/messaging/stored_message.hpp"

#include <gtest/gtest.h>

namespace pkg::messaging {
namespace {

using namespace std::literals;

Message sample() {
  Message message;
  message.id = "id";
  message.source = "/mall";
  message.subject = "s";
  message.correlation_id = "corr";
  message.causation_id = "cause";
  message.traceparent = "00";
  message.time = clock::from_unix_us(1'700'000'000'000'000);
  message.aggregate_version = 300;
  message.headers = {{"a", "1"}, {"b", ""}};
  message.payload = "\0pay"sv;
  return message;
}

// Stored by the first release; to be readable for ever.
constexpr std::string_view golden =
    "\x01\x02id\x05/mall\x01s\x04"
    "corr\x05"
    "cause\x02"
    "00\x80\x80\xf9\xc0\xc1\xc4\x82\x03\xac\x02\x02\x01"
    "a\x01"
    "1\x01"
    "b\x00\0pay"sv;

TEST(StoredMessage, HasTheBytesThatWerePinned) { EXPECT_EQ(to_stored(sample()), golden); }

TEST(StoredMessage, IsReadFromTheBytesThatWerePinned) { EXPECT_EQ(from_stored(golden), sample()); }

TEST(StoredMessage, LeavesOutWhatHasColumnsOfItsOwn) {
  Message message = sample();
  message.type = "t";
  message.channel = "c";
  message.key = "k";
  EXPECT_EQ(from_stored(to_stored(message)), sample());
}

TEST(StoredMessage, CutShortBeforeThePayloadIsNotRead) {
  for (std::size_t size = 0; size < golden.size() - 4; ++size) EXPECT_FALSE(from_stored(golden.substr(0, size))) << size;
}

TEST(StoredMessage, OfAnotherFormatIsNotRead) { EXPECT_FALSE(from_stored("\x02\x02id")); }

TEST(StoredMessage, OfSeveralHasTheBytesThatWerePinned) {
  Message first = sample(), second;
  first.channel = "mall.x";
  first.key = "k";
  first.type = "T";
  second.id = "2";
  std::string several;
  for (const auto& message : {first, second}) append_stored(several, message);
  const auto pinned = "\x06mall.x\x01k\x01T\x30"s + std::string(golden) +
                      "\0\0\0\x0b\x01\x01"
                      "2\0\0\0\0\0\0\0\0"s;
  EXPECT_EQ(several, pinned);
  EXPECT_EQ(from_several_stored(pinned), (std::vector{first, second}));
  EXPECT_EQ(from_several_stored(""), std::vector<Message>{});
  for (std::size_t size = 1; size < pinned.size(); ++size) {
    const auto cut = from_several_stored(std::string_view(pinned).substr(0, size));
    EXPECT_TRUE(!cut || cut->size() == 1) << size << ": what is cut is not read";
  }
}

}  // namespace
}  // namespace pkg::messaging
