#include <gtest/gtest.h>

#include <set>

#include "pkg/ids/id.hpp"
#include "pkg/ids/id_sources.hpp"

namespace pkg::ids {
namespace {

TEST(Uuid, ReadsWhatItWrites) {
  const std::string text = "0190163d-8694-739b-aea5-966c26f8ad91";
  ASSERT_TRUE(Uuid::parse(text));
  EXPECT_EQ(Uuid::parse(text)->to_string(), text);
  EXPECT_EQ(Uuid::parse("0190163D-8694-739B-AEA5-966C26F8AD91"), Uuid::parse(text));
}

TEST(Uuid, RefusesEverythingElse) {
  for (const char* text : {"", "0190163d", "0190163d-8694-739b-aea5-966c26f8ad9", "0190163d-8694-739b-aea5-966c26f8ad911",
                           "0190163d_8694-739b-aea5-966c26f8ad91", "0190163g-8694-739b-aea5-966c26f8ad91",
                           "{190163d-8694-739b-aea5-966c26f8ad9}", "0190163d8694739baea5966c26f8ad910000"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, GoesThroughItsBytes) {
  const auto id = *Uuid::parse("0190163d-8694-739b-aea5-966c26f8ad91");
  EXPECT_EQ(id.to_bytes().size(), 16u);
  EXPECT_EQ(Uuid::from_bytes(id.to_bytes()), id);
  EXPECT_FALSE(Uuid::from_bytes(""));
  EXPECT_FALSE(Uuid::from_bytes(id.to_bytes() + "x"));
}

TEST(TimeOrderedIds, AscendWithinAMillisecondAndWhenTheClockStepsBack) {
  clock::ManualClock clock;
  TimeOrderedIds ids(clock);
  Uuid last = ids.next();
  for (int i = 0; i < 10'000; ++i) {
    if (i == 5'000) clock.advance(std::chrono::seconds{-3});
    const Uuid next = ids.next();
    ASSERT_LT(last, next) << "at id " << i;
    last = next;
  }
}

TEST(TimeOrderedIds, AreVersion7OfTheClocksTime) {
  clock::ManualClock clock(clock::TimePoint{std::chrono::milliseconds{0x0190163d8694}});
  TimeOrderedIds ids(clock);
  const auto text = ids.next().to_string();
  EXPECT_EQ(text.substr(0, 15), "0190163d-8694-7");
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
}

TEST(CountingIds, CanBeNamedInAdvance) {
  CountingIds ids;
  EXPECT_EQ(ids.next(), CountingIds::nth(1));
  EXPECT_EQ(ids.next(), CountingIds::nth(2));
}

TEST(Id, IsReadFromTextAndHashed) {
  using ThingId = Id<struct ThingIdTag>;
  CountingIds source;
  const auto id = ThingId::make(source);
  EXPECT_EQ(ThingId::parse(id.to_string()), id);
  EXPECT_FALSE(ThingId::parse("thing"));
  EXPECT_EQ(std::hash<ThingId>{}(id), std::hash<Uuid>{}(id.value()));
}

}  // namespace
}  // namespace pkg::ids
