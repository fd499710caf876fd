#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "pkg/rpc/metadata.hpp"
#include "pkg/rpc/utf8.hpp"

namespace pkg::rpc {
namespace {

constexpr auto traced = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(BearerToken, IsWhatFollowsTheSchemeInAnyCase) {
  EXPECT_EQ(bearer_token_of("Bearer abc.def"), "abc.def");
  EXPECT_EQ(bearer_token_of("bearer  abc.def "), "abc.def");
  for (const char* none : {"", "Bearer", "Bearer ", "Bearer   ", "Basic abc", "abc.def"}) EXPECT_EQ(bearer_token_of(none), "") << none;
}

TEST(Cause, TakesOverWhatTheRequestBrings) {
  ids::CountingIds ids;
  const auto cause = cause_of("r-1", "m-7", traced, ids);
  EXPECT_EQ(cause.correlation_id, "r-1");
  EXPECT_EQ(cause.causation_id, "m-7");
  EXPECT_EQ(cause.traceparent, traced);
}

TEST(Cause, MakesUpARequestIdWhereThereIsNoneThatCanBeLogged) {
  const std::string too_long(129, 'x');
  for (const char* bad : {"", "two words", "line\nbreak", too_long.c_str(), "\xc3\xa9"}) {
    ids::CountingIds ids;
    const auto cause = cause_of(bad, "", "", ids);
    EXPECT_EQ(cause.correlation_id, ids::CountingIds::nth(1).to_string()) << bad;
    EXPECT_EQ(cause.causation_id, cause.correlation_id);
  }
}

TEST(Cause, DropsATraceparentThatIsNone) {
  ids::CountingIds ids;
  const char* const none[] = {
      "",
      "00",
      "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",  // a version that is not known here
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",  // capitals
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",  // no trace
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",  // no span
      "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
  };
  for (const char* bad : none) {
    EXPECT_EQ(cause_of("r", "", bad, ids).traceparent, "") << bad;
  }
}

TEST(IfMatch, NamesAVersionOrNone) {
  for (const char* seven : {"7", "\"7\"", "W/\"7\""}) EXPECT_EQ(version_of(seven).value(), 7u) << seven;
  EXPECT_EQ(version_of("").value(), std::nullopt);
  EXPECT_EQ(version_of("*").value(), std::nullopt);
  for (const char* bad : {"seven", "-1", "7,8", "\"7", "W/7", "07", "\"007\"", "\"\"7\"\"", "99999999999999999999999"}) {
    ASSERT_FALSE(version_of(bad)) << bad;
    EXPECT_EQ(version_of(bad).error().code, "if_match_malformed");
  }
}

TEST(WellFormed, LeavesUtf8AloneAndReplacesTheRest) {
  for (const char* good : {"", "plain", "h\xc3\xa9", "\xe2\x82\xac 5", "\xf0\x9f\x9b\x92", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(well_formed(good), good);
  }
  const std::pair<const char*, const char*> bad[] = {{"a\xff z", "a? z"},     {"\xc0\x80", "??"},           {"\xe0\x80\x80", "???"},
                                                     {"\xed\xa0\x80", "???"}, {"\xf4\x90\x80\x80", "????"}, {"cut\xe2\x82", "cut??"}};
  for (const auto& [text, clean] : bad) EXPECT_EQ(well_formed(text), clean);
}

}  // namespace
}  // namespace pkg::rpc
