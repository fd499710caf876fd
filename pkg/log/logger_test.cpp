#include "pkg/log/logger.hpp"

#include <gmock/gmock.h>

#include "pkg/config/secret.hpp"
#include "pkg/log/memory_logger.hpp"
#include "pkg/log/render.hpp"

namespace pkg::log {
namespace {

Entry entry_with(std::vector<Field> fields, std::string_view message = "hello") {
  return {.time = clock::TimePoint{std::chrono::microseconds{1'700'000'000'000'042}},
          .level = Level::info,
          .service = "baskets",
          .message = message,
          .fields = std::move(fields)};
}

TEST(RenderJson, WritesTheFixedPartFirstAndThenTheFields) {
  EXPECT_EQ(
      render_json(entry_with({{"orderId", "o-1"}, {"ms", 12}, {"ok", true}, {"ratio", 0.5}, {"big", ~std::uint64_t{0}}})),
      R"({"time":"2023-11-14T22:13:20.000042Z","level":"info","service":"baskets","message":"hello","orderId":"o-1","ms":12,"ok":true,"ratio":0.5,"big":18446744073709551615})");
}

TEST(RenderJson, StaysOneValidLineWhateverAValueHolds) {
  const std::string rubbish("a\"b\\c\nd\x01\xff\xc3(\xed\xa0\x80 é€😀", 24);
  EXPECT_THAT(render_json(entry_with({{"x", rubbish}})),
              testing::HasSubstr(R"("x":"a\"b\\c\nd\u0001)"
                                 "\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD é€😀\""));
  EXPECT_THAT(render_json(entry_with({{"level", "x"}, {"nan", 0.0 / 0.0}})), testing::HasSubstr(R"("_level":"x","nan":null)"));
  EXPECT_THAT(render_json(entry_with({{"cut", std::string_view("\xe2\x82")}})),
              testing::HasSubstr("\"cut\":\"\xEF\xBF\xBD\xEF\xBF\xBD\"}"));
}

TEST(RenderText, IsReadableAndCannotBeFakedByAValue) {
  EXPECT_EQ(render_text(entry_with({{"id", "o-1"}, {"ms", 12}, {"why", "two words\n12:00 ERROR faked"}})),
            R"(22:13:20.000 INFO  baskets  hello  id=o-1  ms=12  why="two words\n12:00 ERROR faked")");
}

TEST(RenderText, EscapesWhatMovesATerminalsCursor) {
  const auto line = render_text(entry_with({{"key\x1b[2J",
                                             "\xC2\x9B"
                                             "2J \xC2\x85 \x7f"}}));
  EXPECT_EQ(line.substr(line.find("key")), R"(key\u001b[2J="\u009b2J \u0085 \u007f")");
}

TEST(Logger, CarriesItsContextIntoEveryEntry) {
  MemoryLogger logger;
  const auto mine = logger.with({{"correlationId", std::string("c-1")}}).with({{"try", 2}});
  mine.info("handled", {{"ms", 3}});
  logger.info("other");
  const auto entries = logger.entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_THAT(entries[0].fields,
              testing::ElementsAre(testing::Pair("correlationId", "c-1"), testing::Pair("try", "2"), testing::Pair("ms", "3")));
  EXPECT_TRUE(entries[1].fields.empty());
}

TEST(Logger, LeavesOutWhatIsBelowItsLevel) {
  MemoryLogger logger(Level::warn);
  logger.info("no");
  logger.warn("yes");
  EXPECT_FALSE(logger.has(Level::info, "no"));
  EXPECT_TRUE(logger.has(Level::warn, "yes"));
  Logger().error("goes nowhere");
}

TEST(Logger, AddsAFailuresCodeAndDetail) {
  MemoryLogger logger;
  logger.error("cannot publish", errors::Error{errors::ErrorKind::unavailable, "broker_away", "the broker is away", ""}, {{"try", 3}});
  EXPECT_EQ(logger.entries().at(0).field("code"), "broker_away");
  EXPECT_EQ(logger.entries().at(0).field("detail"), "the broker is away");
  EXPECT_EQ(logger.entries().at(0).field("try"), "3");
}

TEST(Logger, MasksTextUnderNamesThatTellOfSecrets) {
  MemoryLogger logger;
  logger.with({{"refreshToken", "hush"}})
      .info("x", {{"userPassword", "hush"}, {"Authorization", "Bearer hush"}, {"tokens", 3}, {"user", "ann"}});
  const auto entry = logger.entries().at(0);
  for (const char* key : {"refreshToken", "userPassword", "Authorization"}) EXPECT_EQ(entry.field(key), "***") << key;
  EXPECT_EQ(entry.field("tokens"), "3");
  EXPECT_EQ(entry.field("user"), "ann");
}

static_assert(!std::is_constructible_v<Value, config::Secret>, "a secret must not fit into a log field");

TEST(Level, IsReadFromItsName) {
  for (const auto level : {Level::debug, Level::info, Level::warn, Level::error}) EXPECT_EQ(parse_level(level_name(level)), level);
  EXPECT_FALSE(parse_level("loud"));
}

}  // namespace
}  // namespace pkg::log
