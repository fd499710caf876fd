#include "pkg/postgres/recent_reads.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pkg::postgres {
namespace {

using namespace std::chrono_literals;

TEST(RecentReads, BelievesWhatWasReadForItsTime) {
  RecentReads<int, std::string> believed(10, 1h);
  EXPECT_FALSE(believed.find(1));
  believed.put(1, "one");
  believed.put(1, "another");
  EXPECT_EQ(believed.find(1), "another");
  RecentReads<int, std::string> not_believed(10, 0s);
  not_believed.put(1, "one");
  EXPECT_FALSE(not_believed.find(1));
}

TEST(RecentReads, ForgetsWhatWasReadFirstWhereThereIsNoRoom) {
  RecentReads<int, std::string> reads(2, 1h);
  reads.put(1, "one");
  reads.put(2, "two");
  reads.put(1, "one again");
  reads.put(3, "three");
  EXPECT_EQ(reads.find(1), "one again");
  EXPECT_FALSE(reads.find(2));
  EXPECT_EQ(reads.find(3), "three");
  RecentReads<int, std::string> none(0, 1h);
  none.put(1, "one");
  EXPECT_FALSE(none.find(1));
}

TEST(RecentReads, ForgetsWhatItIsToldTo) {
  RecentReads<int, std::string> reads(10, 1h);
  for (const int key : {1, 2, 3}) reads.put(key, "something");
  reads.forget(2);
  reads.forget(7);
  EXPECT_TRUE(reads.find(1));
  EXPECT_FALSE(reads.find(2));
  reads.forget_all();
  EXPECT_FALSE(reads.find(1));
  EXPECT_FALSE(reads.find(3));
}

}  // namespace
}  // namespace pkg::postgres
