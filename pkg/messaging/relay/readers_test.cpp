#include "pkg/messaging/relay/readers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pkg::messaging {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;

// Readers of one channel, at a broker that is asked as soon as that is wanted.
class ReadersTest : public ::testing::Test {
 protected:
  ReadersTest() {
    readers_.start(0, {}, now_);
    readers_.note_channel("mall.events");
  }

  /// Lets time pass until the broker is asked; false where it never is.
  bool ask(Seq settled, std::uint64_t sequence) {
    for (int i = 0; i < 1000; ++i, now_ += seconds(1)) {
      if (readers_.wants_to_ask(settled, sequence, now_)) return true;
    }
    return false;
  }
  void answer(std::vector<GroupPosition> groups, const std::string& identity = "broker") {
    readers_.hear(Positions{{"broker", 100}, std::move(groups)}, identity, now_);
  }
  static GroupPosition at(const std::string& group, std::uint64_t handled) { return {group, "mall.events", handled}; }

  clock::TimePoint now_{seconds(1000)};
  Readers readers_{{.interval = seconds(5), .longest = seconds(60), .patience = minutes(10)}};
};

TEST_F(ReadersTest, CountRowsAsHandledOnceEveryReaderHasCome) {
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70), at("search", 69)});
  EXPECT_EQ(readers_.handled(), 0);
  ASSERT_TRUE(ask(9, 90));
  answer({at("depot", 90), at("search", 70)});
  EXPECT_EQ(readers_.handled(), 7) << "what was confirmed after the checkpoint is another one's";
  ASSERT_TRUE(ask(9, 90));
  answer({at("depot", 95), at("search", 90)});
  EXPECT_EQ(readers_.handled(), 9);
}

TEST_F(ReadersTest, AreNotAskedAboutWhileNothingIsLeft) {
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70)});
  EXPECT_FALSE(ask(7, 70));
  EXPECT_EQ(readers_.next_wake(), std::nullopt);
}

TEST_F(ReadersTest, NeedNotBeThere) {
  ASSERT_TRUE(ask(7, 70));
  answer({});
  EXPECT_EQ(readers_.handled(), 7);
}

TEST_F(ReadersTest, ThatAreKnownAndNotNamedHaveHandledNothing) {
  readers_.start(3, {"depot mall.events", "search mall.events"}, now_);
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70)});
  EXPECT_EQ(readers_.handled(), 3);
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70), at("search", 70)});
  EXPECT_EQ(readers_.handled(), 7);
}

TEST_F(ReadersTest, ThatAreNewHaveTheirHistoryBeforeThem) {
  readers_.start(3, {"depot mall.events"}, now_);
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70), at("search", 10)});
  EXPECT_EQ(readers_.handled(), 0);
  EXPECT_THAT(readers_.names(), ElementsAre("depot mall.events", "search mall.events"));
}

TEST_F(ReadersTest, ThatStayAwayForLongAreReadersNoMore) {
  readers_.start(3, {"depot mall.events", "gone mall.events"}, now_);
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70)});
  now_ += minutes(10);
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70)});
  EXPECT_EQ(readers_.handled(), 7);
  EXPECT_THAT(readers_.names(), ElementsAre("depot mall.events"));
}

TEST_F(ReadersTest, OfOtherChannelsDoNotMatter) {
  ASSERT_TRUE(ask(7, 70));
  answer({{"depot", "elsewhere.events", 1}});
  EXPECT_EQ(readers_.handled(), 7);
  EXPECT_TRUE(readers_.names().empty());
}

TEST_F(ReadersTest, AreNotBelievedByAnotherBrokersWord) {
  ASSERT_TRUE(ask(7, 70));
  answer({at("depot", 70)}, "another");
  EXPECT_EQ(readers_.handled(), 0);
  ASSERT_TRUE(ask(7, 70));
  readers_.hear(errors::fail(errors::ErrorKind::unavailable, "away", "Away."), "broker", now_);
  EXPECT_EQ(readers_.handled(), 0);
  ASSERT_TRUE(ask(7, 70));
  readers_.forget_checkpoint();
  answer({at("depot", 70)});
  EXPECT_EQ(readers_.handled(), 0) << "the answer to a question that is forgotten";
}

TEST_F(ReadersTest, AreAskedAboutLessAndLessOftenWhileTheyDoNotCome) {
  std::vector<clock::Duration> waits;
  for (int i = 0; i < 6; ++i) {
    const auto before = now_;
    ASSERT_TRUE(ask(7, 70));
    waits.push_back(now_ - before);
    answer({at("depot", 1)});
  }
  EXPECT_THAT(waits, ElementsAre(seconds(5), seconds(10), seconds(20), seconds(40), seconds(60), seconds(60)));
}

}  // namespace
}  // namespace pkg::messaging
