#include "pkg/paging/paging.hpp"

#include <gtest/gtest.h>

namespace pkg::paging {
namespace {

TEST(ReadPage, GivesTheFirstPageOfTheDefaultSizeWhenNothingIsAskedFor) {
  const auto page = read_page(0, "", 2);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->size, default_page_size);
  EXPECT_TRUE(page->after.empty());
}

TEST(ReadPage, ReadsEveryTokenThatWasWritten) {
  for (const Cursor& cursor : {Cursor{""}, Cursor{"1700000000000000", "0190163d-8694-739b-aea5-966c26f8ad91"}, Cursor{"", "x", ""},
                               Cursor{"žluťoučký", std::string("\0\xff", 2)}}) {
    const auto page = read_page(7, write_token(cursor), cursor.size());
    ASSERT_TRUE(page) << page.error().detail;
    EXPECT_EQ(page->after, cursor);
    EXPECT_EQ(page->size, 7);
  }
}

TEST(ReadPage, RefusesTokensThatAreNotOurs) {
  const auto good = write_token({"1", "2"});
  auto damaged = good;
  damaged[0] = damaged[0] == 'A' ? 'B' : 'A';
  for (const std::string& token :
       {std::string("x"), std::string("%%%"), std::string("AAAA"), damaged, good + "A", good.substr(1), std::string(5000, 'A')}) {
    const auto page = read_page(0, token, 2);
    ASSERT_FALSE(page) << token;
    EXPECT_EQ(page.error().code, "malformed_page_token");
    EXPECT_EQ(page.error().field, "pageToken");
  }
  EXPECT_EQ(read_page(0, good, 3).error().code, "malformed_page_token") << "a token of another list";
}

TEST(ReadPage, ReadsATokenWhosePartsHoldTheSeparator) {
  for (const Cursor& cursor : {Cursor{"name", "Tea\x1fTime"}, Cursor{"\x1e", "\x1f\x1e\x1e"}, Cursor{"\x1e\x1f", ""}}) {
    const auto page = read_page(0, write_token(cursor), cursor.size());
    ASSERT_TRUE(page) << page.error().detail;
    EXPECT_EQ(page->after, cursor);
  }
}

TEST(ReadPage, RefusesAnotherSpellingOfAToken) {
  auto token = write_token({"1"});  // of five bytes, so its last letter has two bits that stand for nothing
  ASSERT_EQ(token.size() % 4, 3u);
  ++token.back();
  EXPECT_FALSE(read_page(0, token, 1));
}

TEST(ReadPage, RefusesSizesOutOfRange) {
  for (const int size : {-1, max_page_size + 1}) EXPECT_EQ(read_page(size, "", 2).error().code, "page_size_out_of_range") << size;
  EXPECT_EQ(read_page(max_page_size, "", 2)->size, max_page_size);
}

TEST(TimeAndId, ReadsWhatItWroteAndNothingElse) {
  const auto id = *ids::Uuid::parse("0190163d-8694-739b-aea5-966c26f8ad91");
  const auto time = clock::from_unix_us(1'700'000'000'123'456);
  const auto read = read_time_and_id(time_and_id(time, id));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->time, time);
  EXPECT_EQ(read->id, id);
  for (const Cursor& other : {Cursor{}, Cursor{"1"}, Cursor{"x", id.to_string()}, Cursor{"1x", id.to_string()}, Cursor{"1", "x"},
                              Cursor{"99999999999999999999", id.to_string()}}) {
    EXPECT_FALSE(read_time_and_id(other));
  }
}

TEST(Cut, SaysWhereTheNextPageBeginsOnlyIfThereIsOne) {
  const auto cursor_of = [](int item) { return Cursor{std::to_string(item)}; };
  const auto full = cut(std::vector<int>{1, 2, 3}, 2, cursor_of);
  EXPECT_EQ(full.items, (std::vector<int>{1, 2}));
  EXPECT_EQ(full.next, Cursor{"2"});
  EXPECT_TRUE(cut(std::vector<int>{1, 2}, 2, cursor_of).next.empty());
}

}  // namespace
}  // namespace pkg::paging
