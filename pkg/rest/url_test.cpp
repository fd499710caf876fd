#include <gtest/gtest.h>

#include "pkg/rest/correlation.hpp"
#include "pkg/rest/url.hpp"

namespace pkg::rest {
namespace {

TEST(ParsePath, DecodesEachSegmentOnItsOwn) {
  const auto path = parse_path("/a%2Fb/%C3%A9/c+d:verb");
  ASSERT_TRUE(path);
  EXPECT_EQ(path->segments, (std::vector<std::string>{"a/b", "\xc3\xa9", "c+d"}));
  EXPECT_EQ(path->verb, "verb");
  EXPECT_EQ(parse_path("/a:b/c%3Ad")->segments, (std::vector<std::string>{"a:b", "c:d"}));
  EXPECT_EQ(parse_path("/a/")->segments, (std::vector<std::string>{"a", ""}));
}

TEST(ParsePath, RefusesWhatIsNotWellEncoded) {
  for (const char* raw : {"", "a", "*", "/%", "/%4", "/%zz", "/%00", "/%ff", "/%C0%AF", "/%ED%A0%80", "/a:"}) {
    EXPECT_FALSE(parse_path(raw)) << raw;
  }
}

TEST(ParseQuery, KeepsTheOrderAndReadsAPlusAsASpace) {
  EXPECT_EQ(*parse_query("b=1&&a=x+y%2B&c&d="), (Parameters{{"b", "1"}, {"a", "x y+"}, {"c", ""}, {"d", ""}}));
  EXPECT_FALSE(parse_query("a=%"));
  EXPECT_FALSE(parse_query("%ff=1"));
}

TEST(ParseQuery, RefusesABareNulAsItRefusesAnEncodedOne) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(parse_query("a=%00"));
  EXPECT_FALSE(parse_query("a=\0"sv));
  EXPECT_FALSE(parse_path("/\0"sv));
}

TEST(Utf8, IsTakenStrictly) {
  for (const char* good : {"", "abc", "\xc2\x80", "\xe0\xa0\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(good));
  for (const char* bad :
       {"\x80", "\xc1\x80", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(RequestId, IsTheCallersOwnOnlyWhereItIsWellFormed) {
  EXPECT_TRUE(is_request_id("aZ09._-"));
  EXPECT_TRUE(is_request_id(std::string(64, 'a')));
  for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\"b"), std::string("\xc3\xa9")}) {
    EXPECT_FALSE(is_request_id(bad)) << bad;
  }
}

}  // namespace
}  // namespace pkg::rest
