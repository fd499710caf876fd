#include <gtest/gtest.h>

#include <limits>

#include "pkg/ids/id_sources.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::postgres {
namespace {

class Values : public ::testing::Test {
 protected:
  Rows one(std::string_view sql, Params params = {}) {
    auto rows = pool_.query(sql, std::move(params));
    if (!rows) {
      ADD_FAILURE() << sql << ": " << rows.error().code;
      return {};
    }
    return std::move(*rows);
  }

  pkg::testing::TestDatabase database_;
  Pool pool_{testing::options_for(database_.connection_string())};
};

TEST_F(Values, IntegersKeepTheirExtremes) {
  for (const std::int64_t value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                                   std::numeric_limits<std::int64_t>::max()}) {
    const auto rows = one("select $1, $1::text", {value});
    EXPECT_EQ(rows[0].int64(0), value);
    EXPECT_EQ(rows[0].text(1), std::to_string(value));
  }
  const auto narrow = one("select (-32768)::smallint, 32767::smallint, (-2147483648)::integer, 2147483647::integer");
  EXPECT_EQ(narrow[0].int64(0), -32768);
  EXPECT_EQ(narrow[0].int64(1), 32767);
  EXPECT_EQ(narrow[0].int64(2), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(narrow[0].int64(3), std::numeric_limits<std::int32_t>::max());
}

TEST_F(Values, TextKeepsEveryCharacter) {
  for (const std::string& value :
       {std::string(), std::string("plain"), std::string("Grüße, 世界 🛒 'quoted' \\ \n"), std::string(1'000'000, 'x')}) {
    const auto rows = one("select $1, length($1), $1::varchar", {value});
    EXPECT_EQ(rows[0].text(0), value);
    EXPECT_EQ(rows[0].text(2), value);
  }
}

TEST_F(Values, BytesKeepZerosAndEverythingElse) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  const auto rows = one("select $1, octet_length($1)", {Param::bytea(all)});
  EXPECT_EQ(rows[0].bytes(0), all);
  EXPECT_EQ(rows[0].int64(1), 256);
}

TEST_F(Values, BooleansAndIdsMeanTheSameToTheServer) {
  const auto id = ids::CountingIds::nth(0x0123456789abcdef);
  const auto rows = one("select $1, not $1, $2, $2::text, $2 = $3::uuid", {true, id, ids::CountingIds::nth(1)});
  EXPECT_TRUE(rows[0].boolean(0));
  EXPECT_FALSE(rows[0].boolean(1));
  EXPECT_EQ(rows[0].uuid(2), id);
  EXPECT_EQ(rows[0].text(3), id.to_string());
  EXPECT_FALSE(rows[0].boolean(4));
}

TEST_F(Values, TimesMeanTheSameToTheServerAndKeepMicroseconds) {
  using clock::TimePoint;
  using namespace std::chrono;
  const TimePoint moment = sys_days{year{2024} / 2 / 29} + hours{23} + minutes{59} + seconds{59} + microseconds{999'999};
  const auto rows = one("select $1, ($1 at time zone 'UTC')::text", {moment});
  EXPECT_EQ(rows[0].time(0), moment);
  EXPECT_EQ(rows[0].text(1), "2024-02-29 23:59:59.999999");
  for (const TimePoint& time :
       {TimePoint{}, TimePoint{microseconds{-1}}, TimePoint{sys_days{year{1} / 1 / 1}}, TimePoint{sys_days{year{9999} / 12 / 31}}}) {
    EXPECT_EQ(one("select $1", {time})[0].time(0), time);
  }
}

TEST_F(Values, TheEndsOfTimeAreInfinities) {
  const auto rows = one("select $1, $1::text, $2, $2::text", {clock::TimePoint::max(), clock::TimePoint::min()});
  EXPECT_EQ(rows[0].time(0), clock::TimePoint::max());
  EXPECT_EQ(rows[0].text(1), "infinity");
  EXPECT_EQ(rows[0].time(2), clock::TimePoint::min());
  EXPECT_EQ(rows[0].text(3), "-infinity");
}

TEST_F(Values, JsonGoesInAndComesOut) {
  const auto rows = one("select $1, $1->>'name', $1::json, $2", {Param::jsonb(R"({"name": "Grüße"})"), Param::jsonb("[]")});
  EXPECT_EQ(rows[0].text(0), R"({"name": "Grüße"})");
  EXPECT_EQ(rows[0].text(1), "Grüße");
  EXPECT_EQ(rows[0].text(2), R"({"name": "Grüße"})");
  EXPECT_EQ(rows[0].text(3), "[]");
}

TEST_F(Values, NullsAreNothing) {
  const auto rows =
      one("select $1, $2, $3, $4, $5", {std::optional<std::string>(), std::optional<std::int64_t>(), std::optional<ids::Uuid>(),
                                        std::optional<clock::TimePoint>(), std::optional<std::string>("here")});
  EXPECT_TRUE(rows[0].is_null(0));
  EXPECT_EQ(rows[0].maybe_text(0), std::nullopt);
  EXPECT_EQ(rows[0].maybe_int64(1), std::nullopt);
  EXPECT_EQ(rows[0].maybe_uuid(2), std::nullopt);
  EXPECT_EQ(rows[0].maybe_time(3), std::nullopt);
  EXPECT_EQ(rows[0].maybe_text(4), "here");
}

TEST_F(Values, ArraysOfEveryTypeSurvive) {
  const std::vector<std::string> texts{"a", "", "{\"quoted, \\}"};
  const std::vector<std::string> blobs{std::string("\0\1\xff", 3), ""};
  const std::vector<std::int64_t> numbers{1, -1, std::numeric_limits<std::int64_t>::max()};
  const std::vector<ids::Uuid> ids{ids::CountingIds::nth(1), ids::CountingIds::nth(2)};
  const std::vector<clock::TimePoint> times{clock::TimePoint{}, clock::TimePoint::max()};
  const auto rows = one(
      "select $1, $2, $3, $4, $5, $3::smallint[] is null, array_length($1, 1), '{7,8}'::integer[]",
      {Param::array(texts), Param::bytea_array(blobs), Param::array(std::span(numbers).first(2)), Param::array(ids), Param::array(times)});
  EXPECT_EQ(rows[0].texts(0), texts);
  EXPECT_EQ(rows[0].blobs(1), blobs);
  EXPECT_EQ(rows[0].int64s(2), (std::vector<std::int64_t>{1, -1}));
  EXPECT_EQ(rows[0].uuids(3), ids);
  EXPECT_EQ(rows[0].times(4), times);
  EXPECT_EQ(rows[0].int64(6), 3);
  EXPECT_EQ(rows[0].int64s(7), (std::vector<std::int64_t>{7, 8}));
}

TEST_F(Values, EmptyArraysAreEmpty) {
  const auto rows =
      one("select $1, cardinality($1), $2", {Param::array(std::vector<std::string>{}), Param::array(std::vector<ids::Uuid>{})});
  EXPECT_TRUE(rows[0].texts(0).empty());
  EXPECT_EQ(rows[0].int64(1), 0);
  EXPECT_TRUE(rows[0].uuids(2).empty());
}

TEST_F(Values, ArraysMakeSetsOfRows) {
  const std::vector<std::int64_t> numbers{3, 1, 2};
  const auto rows = one("select n from unnest($1) n where n = any($1) order by n", {Param::array(numbers)});
  ASSERT_EQ(rows.size(), 3u);
  std::int64_t expected = 1;
  for (const Row row : rows) EXPECT_EQ(row.int64(0), expected++);
}

TEST_F(Values, TheSameTextWithOtherTypesIsAnotherStatement) {
  EXPECT_EQ(one("select $1", {std::int64_t{7}})[0].int64(0), 7);
  EXPECT_EQ(one("select $1", {"seven"})[0].text(0), "seven");
  EXPECT_EQ(one("select $1", {std::int64_t{8}})[0].int64(0), 8);
}

TEST_F(Values, TextThatCannotBeStoredIsTheCallersFault) {
  for (const std::string& bad : {std::string("a\0b", 3), std::string("\xff\xfe")}) {
    const auto rows = pool_.query("select $1", {bad});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().kind, errors::ErrorKind::malformed);
    EXPECT_EQ(rows.error().code, "unstorable_text");
  }
}

using ValuesDeathTest = Values;

TEST_F(ValuesDeathTest, AReadOfTheWrongTypeOrOfNullStopsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "fast");
  const auto rows = one("select 1::bigint, null::text");
  EXPECT_DEATH(static_cast<void>(rows[0].text(0)), "was read as text");
  EXPECT_DEATH(static_cast<void>(rows[0].text(1)), "not null");
  EXPECT_DEATH(static_cast<void>(rows[0].int64(2)), "column 2");
  EXPECT_DEATH(static_cast<void>(rows[1]), "row that is not there");
}

}  // namespace
}  // namespace pkg::postgres
