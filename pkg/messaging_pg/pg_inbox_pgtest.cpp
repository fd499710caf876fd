#include "pkg/messaging_pg/pg_inbox.hpp"

#include <gtest/gtest.h>

#include "pkg/messaging_pg/pg_leadership.hpp"
#include "pkg/messaging_pg/pg_parking_lot.hpp"
#include "pkg/messaging_pg/test_service.hpp"

namespace pkg::messaging_pg {
namespace {

using errors::Result;
using messaging::Message;
using test::message;

class PgInboxTest : public ::testing::Test {
 protected:
  PgInboxTest() { test::prepare(database_.connection_string()); }

  /// The code of the failure, or "".
  std::string admit_as_expected(PgInbox& inbox, const std::vector<Message>& messages, const std::string& waiting_key = {}) {
    const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      std::vector<messaging::Expected> expected;
      for (const auto& each : messages) expected.push_back({&each, each.key == waiting_key});
      inbox.admit_as_expected(unit, expected);
      return {};
    });
    return done ? "" : done.error().code;
  }
  std::string admit(PgInbox& inbox, const std::vector<Message>& messages) {
    const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      const auto admissions = inbox.admit(unit, pointers(messages));
      return admissions ? Result<>() : errors::pass_on(admissions);
    });
    return done ? "" : done.error().code;
  }
  static std::vector<const Message*> pointers(const std::vector<Message>& messages) {
    std::vector<const Message*> all;
    for (const auto& each : messages) all.push_back(&each);
    return all;
  }
  std::string recorded() { return database_.sql("select count(*) from inbox"); }

  pkg::testing::TestDatabase database_;
  postgres::Pool pool_{test::pool_options(database_.connection_string(), 1)};
  postgres::PgTransactor transactor_{pool_};
  PgInbox inbox_{pool_};
  const std::string not_as_expected_ = messaging::Inbox::not_as_expected().code;
};

TEST_F(PgInboxTest, TakesFreshMessagesInTheRoundTripOfTheCommit) {
  const auto before = pool_.stats().exchanges;
  EXPECT_EQ(admit_as_expected(inbox_, {message("a", "1"), message("a", "2"), message("b", "1")}), "");
  EXPECT_EQ(pool_.stats().exchanges - before, 1u);
  EXPECT_EQ(recorded(), "3");
}

TEST_F(PgInboxTest, DoesNotTakeForFreshWhatCameBefore) {
  const auto one = message("a", "1"), other = message("b", "1");
  EXPECT_EQ(admit_as_expected(inbox_, {one, one}), not_as_expected_);
  EXPECT_EQ(recorded(), "0");
  EXPECT_EQ(admit_as_expected(inbox_, {one}), "");
  EXPECT_EQ(admit_as_expected(inbox_, {other, one}), not_as_expected_);
  EXPECT_EQ(recorded(), "1");
}

TEST_F(PgInboxTest, KnowsWhoseKeyWaits) {
  PgParkingLot lot(pool_);
  ASSERT_TRUE(transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    messaging::ParkedMessage parked;
    parked.message = message("a", "1");
    lot.park(unit, parked);
    return {};
  }));
  const std::vector<Message> two{message("b", "1"), message("a", "2")};
  EXPECT_EQ(admit_as_expected(inbox_, two), not_as_expected_) << "it waits";
  EXPECT_EQ(admit_as_expected(inbox_, two, "b"), not_as_expected_) << "another one does";
  EXPECT_EQ(recorded(), "0");
  EXPECT_EQ(admit_as_expected(inbox_, two, "a"), "");
  EXPECT_EQ(admit_as_expected(inbox_, {message("a", "1", "another.channel")}), "") << "a key counts within its channel";
}

TEST_F(PgInboxTest, TakesNothingForFreshThatAnotherProcessIsToHandle) {
  ids::CountingIds ids;
  const auto before = ids.next(), now = ids.next();
  PgLeadership lead(pool_, now);
  ASSERT_EQ(lead.hold(std::chrono::milliseconds{1000}), messaging::Lead::taken);
  PgInbox theirs(pool_, before), ours(pool_, now);
  EXPECT_EQ(admit_as_expected(theirs, {message("a", "1")}), not_as_expected_);
  EXPECT_EQ(recorded(), "0");
  EXPECT_EQ(admit_as_expected(ours, {message("a", "1")}), "");
}

// A plan costs several times what it saves here; the first five of a session are always made.
TEST_F(PgInboxTest, IsNotPlannedEachTime) {
  ids::CountingIds ids;
  const auto process = ids.next();
  database_.sql("update messaging_leader set process = '" + process.to_string() + "'");
  PgInbox led(pool_, process);
  for (int i = 0; i < 30; ++i) {
    const std::vector<Message> some(static_cast<std::size_t>(1 + i % 4), message("a", "1"));
    std::vector<Message> fresh;
    for (const auto& each : some) fresh.push_back(message(each.key, "fresh"));
    for (auto* inbox : {&inbox_, &led}) {
      ASSERT_EQ(admit(*inbox, some), "");
      ASSERT_EQ(admit_as_expected(*inbox, fresh), "");
      for (auto& each : fresh) each = message(each.key, "fresh");
    }
  }
  const auto planned = pool_.query(
      "select statement, custom_plans from pg_prepared_statements where statement like '%into inbox%' and statement not like '%pg_prepared%'");
  ASSERT_TRUE(planned);
  EXPECT_EQ(planned->size(), 4u);
  for (const auto row : *planned) EXPECT_LE(row.int64(1), 5) << row.text(0);
}

}  // namespace
}  // namespace pkg::messaging_pg
