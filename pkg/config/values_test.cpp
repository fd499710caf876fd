#include "pkg/config/values.hpp"

#include <gmock/gmock.h>

namespace pkg::config {
namespace {

using std::chrono::milliseconds;

TEST(Values, DurationsNeedAUnitAndAWholeNumber) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds{250});
  EXPECT_EQ(parse_duration("5s"), milliseconds{5'000});
  EXPECT_EQ(parse_duration("2m"), milliseconds{120'000});
  EXPECT_EQ(parse_duration("0"), milliseconds{0});
  for (const char* text : {"", "5", "s", "-1s", "1.5s", "5 s", "5sec", "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  for (const char* text : {"250ms", "90s", "2m", "1h", "7d", "0"}) EXPECT_EQ(format_duration(*parse_duration(text)), text);
}

TEST(Values, SizesTakeDecimalAndBinaryUnits) {
  EXPECT_EQ(parse_bytes("1024"), 1024u);
  EXPECT_EQ(parse_bytes("64KiB"), 65'536u);
  EXPECT_EQ(parse_bytes("10MB"), 10'000'000u);
  EXPECT_EQ(parse_bytes("18446744073709551615"), 18446744073709551615u);
  for (const char* text : {"", "KiB", "1.5MB", "-1", "1 MB", "18446744073709551615KiB", "1mb"}) EXPECT_FALSE(parse_bytes(text)) << text;
  EXPECT_EQ(format_bytes(65'536), "64KiB");
  EXPECT_EQ(format_bytes(10'000'000), "10MB");
}

TEST(Values, NumbersAndFlagsTakeTheWholeTextOrNothing) {
  EXPECT_EQ(parse_number("-12"), -12);
  for (const char* text : {"", "1x", " 1", "0x10", "9223372036854775808"}) EXPECT_FALSE(parse_number(text)) << text;
  EXPECT_EQ(parse_flag("TRUE"), true);
  EXPECT_EQ(parse_flag("off"), false);
  EXPECT_FALSE(parse_flag("maybe"));
}

TEST(Values, ListsDropBlanksAndEmptyElements) {
  EXPECT_THAT(parse_list(" a, b ,,c"), testing::ElementsAre("a", "b", "c"));
  EXPECT_TRUE(parse_list(" , ").empty());
}

TEST(Values, AUrlHasASchemeAndIsShownWithoutItsPassword) {
  EXPECT_EQ(url_scheme("nats://127.0.0.1:4222"), "nats");
  for (const char* text : {"", "127.0.0.1:4222", "://x", "nats://", "Nats://x", "http://a b"}) EXPECT_EQ(url_scheme(text), "") << text;
  EXPECT_EQ(masked_url("postgres://mall:pa@ss/w@db:5432/x"), "postgres://mall:***@db:5432/x");
  EXPECT_EQ(masked_url("postgres://mall@db/x"), "postgres://mall@db/x");
  EXPECT_EQ(masked_url("smtp://host:25"), "smtp://host:25");
  EXPECT_EQ(masked_url("postgres://db/x?user=a&password=hush"), "postgres://db/x?***");
  EXPECT_EQ(masked_url("host=db password=hush"), "***");
  EXPECT_EQ(masked_url("localhost:4222"), "localhost:4222");
}

}  // namespace
}  // namespace pkg::config
