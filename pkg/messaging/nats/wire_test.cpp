#include "pkg/messaging/nats/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace pkg::messaging::nats {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

/// What was said, in words, as the views end with the next bytes.
std::string in_words(const FromServer& said) {
  struct Words {
    std::string operator()(const WireInfo& info) const { return "info " + std::string(info.json); }
    std::string operator()(WirePing) const { return "ping"; }
    std::string operator()(WirePong) const { return "pong"; }
    std::string operator()(WireOk) const { return "ok"; }
    std::string operator()(const WireError& error) const { return "error " + std::string(error.text); }
    std::string operator()(const WireMessage& message) const {
      return std::to_string(message.subscription) + " " + std::string(message.subject) + " [" + std::string(message.reply) + "] {" +
             std::string(message.headers) + "} " + std::string(message.payload);
    }
  };
  return std::visit(Words(), said);
}

/// Gives the bytes in pieces of at most so many, and hears all that can be heard of each; the last word may be why it ended.
std::vector<std::string> hear(std::string_view bytes, std::size_t piece = std::string::npos) {
  WireReader reader;
  std::vector<std::string> heard;
  while (!bytes.empty()) {
    const auto room = reader.room();
    const std::size_t count = std::min({piece, room.size(), bytes.size()});
    std::ranges::copy(bytes.substr(0, count), room.begin());
    reader.filled(count);
    bytes.remove_prefix(count);
    while (true) {
      const auto said = reader.next();
      if (!said) {
        heard.push_back("end: " + said.error());
        return heard;
      }
      if (!*said) break;
      heard.push_back(in_words(**said));
    }
  }
  return heard;
}

constexpr std::string_view a_conversation =
    "INFO {\"max_payload\":1048576}\r\n"
    "PING\r\n"
    "MSG mallbots.a 7 5\r\nhello\r\n"
    "HMSG mallbots.b 8 $JS.ACK.x 22 24\r\nNATS/1.0\r\nce-id: 1\r\n\r\nhi\r\n"
    "+OK\r\n"
    "-ERR 'Slow Consumer'\r\n"
    "MSG empty 9 reply 0\r\n\r\n"
    "PONG\r\n";

TEST(WireReader, HearsTheSameHoweverTheBytesAreCut) {
  const auto expected = ElementsAre("info {\"max_payload\":1048576}", "ping", "7 mallbots.a [] {} hello",
                                    "8 mallbots.b [$JS.ACK.x] {NATS/1.0\r\nce-id: 1\r\n\r\n} hi", "ok", "error 'Slow Consumer'",
                                    "9 empty [reply] {} ", "pong");
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 100'000U}) EXPECT_THAT(hear(a_conversation, piece), expected) << piece;
}

TEST(WireReader, TakesVerbsInSmallLettersAndMoreThanOneBlank) {
  EXPECT_THAT(hear("ping\r\nmsg  a\t1   2\r\nhi\r\n"), ElementsAre("ping", "1 a [] {} hi"));
}

TEST(WireReader, TakesEndsOfLinesInPayloads) {
  EXPECT_THAT(hear("MSG a 1 6\r\n\r\nPING\r\nPING\r\n"), ElementsAre("1 a [] {} \r\nPING", "ping"));
}

TEST(WireReader, GrowsForALargeMessageAndGoesOn) {
  const std::string payload(3'000'000, 'x');
  const std::string bytes = "MSG a 1 " + std::to_string(payload.size()) + "\r\n" + payload + "\r\n";
  EXPECT_THAT(hear(bytes + bytes + "PING\r\n", 10'000), ElementsAre("1 a [] {} " + payload, "1 a [] {} " + payload, "ping"));
}

TEST(WireReader, RefusesWhatIsNoProtocol) {
  for (const std::string_view wrong :
       {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "MSG a 1\r\n", "MSG a 1 2 3 4\r\nhi\r\n", "MSG a one 2\r\nhi\r\n", "MSG a 1 -2\r\nhi\r\n",
        "MSG a 1 2x\r\nhi\r\n", "MSG a 1 99999999999999999999\r\n", "MSG a 1 67108865\r\n", "HMSG a 1 2\r\nhi\r\n",
        "HMSG a 1 3 2\r\nhi\r\n", "MSG a 1 2\r\nhim\r\n", "MSG a b c d e f g h\r\n"}) {
    EXPECT_THAT(hear("PING\r\n" + std::string(wrong)), ElementsAre("ping", HasSubstr("end: "))) << wrong;
  }
}

TEST(WireReader, RefusesALineWithoutAnEnd) {
  EXPECT_THAT(hear("INFO " + std::string(longest_wire_line, 'x')), ElementsAre("end: the server's line has no end"));
}

std::vector<HeaderView> headers_of(std::string_view block) {
  std::vector<HeaderView> headers;
  EXPECT_TRUE(read_header_block(block, headers)) << block;
  return headers;
}

TEST(HeaderBlock, GivesHeadersInTheirOrder) {
  EXPECT_THAT(headers_of("NATS/1.0\r\nb: 1\r\na:  2 \r\nb: 3\r\nempty:\r\n\r\n"),
              ElementsAre(Pair("b", "1"), Pair("a", "2"), Pair("b", "3"), Pair("empty", "")));
  EXPECT_THAT(headers_of("NATS/1.0\r\n\r\n"), IsEmpty());
}

TEST(HeaderBlock, GivesTheStatus) {
  EXPECT_THAT(headers_of("NATS/1.0 503\r\n\r\n"), ElementsAre(Pair("Status", "503")));
  EXPECT_THAT(headers_of("NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\n\r\n"),
              ElementsAre(Pair("Status", "408"), Pair("Nats-Pending-Messages", "3")));
}

TEST(HeaderBlock, RefusesWhatIsNone) {
  for (const std::string_view wrong :
       {"", "NATS/1.0", "NATS/1.0\r\n", "NATS/2.0\r\n\r\n", "NATS/1.0\r\na: 1\r\n", "NATS/1.0\r\na 1\r\n\r\n", "NATS/1.0\r\n: 1\r\n\r\n",
        "NATS/1.0\r\n\r\nmore", "NATS/1.0\na: 1\r\n\r\n"}) {
    std::vector<HeaderView> headers;
    EXPECT_FALSE(read_header_block(wrong, headers)) << wrong;
  }
}

TEST(Wire, SaysWhatTheServerReads) {
  std::string out;
  append_subscribe(out, "_INBOX.a.>", 3);
  append_publish(out, "a", "", {}, "hi");
  append_publish(out, "a", "reply", {}, "");
  const std::vector<Header> headers{{"ce-id", "1"}, {"x", ""}};
  append_publish(out, "b", "reply", lines_of(headers), "hello");
  append_unsubscribe(out, 3);
  EXPECT_EQ(out,
            "SUB _INBOX.a.> 3\r\nPUB a 2\r\nhi\r\nPUB a reply 0\r\n\r\n"
            "HPUB b reply 27 32\r\nNATS/1.0\r\nce-id: 1\r\nx: \r\n\r\nhello\r\nUNSUB 3\r\n");
  EXPECT_EQ(header_block_size(lines_of(headers)), 27U);
  EXPECT_EQ(header_block_size({}), 0U);
}

TEST(Wire, SignsInByNameByTokenOrNotAtAll) {
  const auto nobody = connect_line({}, "ordering", false);
  EXPECT_THAT(nobody, ::testing::StartsWith("CONNECT {"));
  EXPECT_THAT(nobody, HasSubstr(R"("name":"ordering")"));
  EXPECT_THAT(nobody, ::testing::Not(HasSubstr("pass")));
  EXPECT_THAT(connect_line({.user = "u", .password = "p\"", .token = ""}, "", false), HasSubstr(R"("user":"u","pass":"p\"")"));
  EXPECT_THAT(connect_line({.user = "", .password = "", .token = "t"}, "", true), HasSubstr(R"("auth_token":"t")"));
}

TEST(ServerInfo, IsReadFromWhatTheServerSaysFirst) {
  const auto info = read_server_info(R"({"max_payload":2048,"headers":true,"tls_required":true,"unknown":[1]})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->max_payload, 2048U);
  EXPECT_TRUE(info->takes_headers);
  EXPECT_TRUE(info->requires_tls);
  const auto odd = read_server_info(R"({"max_payload":"many","headers":1})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->max_payload, 1'048'576U);
  EXPECT_FALSE(odd->takes_headers);
  EXPECT_EQ(odd->version, "");
  EXPECT_FALSE(read_server_info("{"));
  EXPECT_FALSE(read_server_info("[]"));
}

TEST(ServerInfo, TellsOldServersFromNew) {
  for (const auto* version : {"2.10.0", "2.10", "2.15.1-preview.1", "3.0.0"}) {
    EXPECT_TRUE(read_server_info(std::string(R"({"version":")").append(version).append("\"}"))->is_at_least(2, 10)) << version;
  }
  for (const auto* version : {"2.9.25", "1.11.0", "", "2", "two.ten", "2."}) {
    EXPECT_FALSE(read_server_info(std::string(R"({"version":")").append(version).append("\"}"))->is_at_least(2, 10)) << version;
  }
  EXPECT_FALSE(read_server_info(R"({"version":2.15})")->is_at_least(2, 10));
}

}  // namespace
}  // namespace pkg::messaging::nats
