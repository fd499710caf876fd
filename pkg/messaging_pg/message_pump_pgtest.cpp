// Several processes on one database.

#include <gtest/gtest.h>

#include "pkg/messaging/memory/memory_broker.hpp"
#include "pkg/messaging_pg/test_service.hpp"

namespace pkg::messaging_pg {
namespace {

using test::message;
using test::Service;
using std::chrono::seconds;

class TwoPumps : public ::testing::Test {
 protected:
  TwoPumps() {
    test::prepare(database_.connection_string());
    database_.sql("create table effects (n bigint generated always as identity, key text, payload text)");
    for (auto* each : {&first_, &second_}) *each = std::make_unique<Service>(database_.connection_string(), broker_);
    first_->start();
    pkg::testing::wait_until([&] { return first_->messaging().leads(); }, "the first to lead");
    second_->start();
  }
  bool await_effects(int count) {
    return pkg::testing::wait_until([&] { return database_.sql("select count(*) from effects") == std::to_string(count); },
                                    std::to_string(count) + " effects");
  }

  pkg::testing::TestDatabase database_;
  messaging::MemoryBroker broker_;
  std::unique_ptr<Service> first_, second_;
};

TEST_F(TwoPumps, LetOneLeadWhichPublishesWhatTheOtherCommits) {
  ASSERT_TRUE(second_->send({message("a", "from the second")}));
  EXPECT_TRUE(await_effects(1));
  EXPECT_TRUE(first_->messaging().leads());
  EXPECT_FALSE(second_->messaging().leads());
}

TEST_F(TwoPumps, TakeOverWhenTheLeaderEnds) {
  ASSERT_TRUE(first_->send({message("a", "1")}));
  ASSERT_TRUE(await_effects(1));
  first_.reset();
  EXPECT_TRUE(pkg::testing::wait_until([&] { return second_->messaging().leads(); }, "the second to lead"));
  ASSERT_TRUE(second_->send({message("a", "2")}));
  EXPECT_TRUE(await_effects(2));
}

TEST_F(TwoPumps, HaveALeaderAgainAfterAllSessionsEnded) {
  database_.terminate_backends();
  EXPECT_TRUE(pkg::testing::wait_until(
      [&] { return first_->messaging().leads() != second_->messaging().leads() && second_->send({message("a", "1")}).has_value(); }, "one leader"));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return database_.sql("select count(*) > 0 from effects") == "t"; }, "an effect"));
  EXPECT_EQ(database_.sql("select count(*) = count(distinct payload) from effects"), "t");
}

}  // namespace
}  // namespace pkg::messaging_pg
