// Several processes on one database.

#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "pkg/messaging/memory/memory_broker.hpp"
#include "pkg/messaging_pg/pg_inbox.hpp"
#include "pkg/messaging_pg/pg_leadership.hpp"
#include "pkg/messaging_pg/test_service.hpp"

namespace pkg::messaging_pg {
namespace {

using std::chrono::seconds;
using test::message;
using test::Service;

constexpr std::chrono::milliseconds no_patience{0};

class TwoPumps : public ::testing::Test {
 protected:
  TwoPumps() {
    test::prepare(database_.connection_string());
    database_.sql("create table effects (n bigint generated always as identity, key text, payload text)");
    for (auto* each : {&first_, &second_}) *each = std::make_unique<Service>(database_.connection_string(), broker_);
  }
  void SetUp() override {
    first_->start();
    pkg::testing::wait_until([&] { return first_->messaging().leads(); }, "the first to lead");
    second_->start();
  }
  bool await_effects(int count) {
    return pkg::testing::wait_until([&] { return database_.sql("select count(*) from effects") == std::to_string(count); },
                                    std::to_string(count) + " effects");
  }

  bool await_sql(const std::string& sql, const std::string& expected) {
    return pkg::testing::wait_until([&] { return database_.sql(sql) == expected; }, sql + " = " + expected);
  }

  pkg::testing::TestDatabase database_;
  messaging::MemoryBroker broker_;
  std::unique_ptr<Service> first_, second_;
};

TEST_F(TwoPumps, LetOneLeadWhichPublishesWhatTheOtherCommits) {
  ASSERT_TRUE(first_->send({message("a", "from the first, which by then has swept")}));
  ASSERT_TRUE(await_effects(1));
  ASSERT_TRUE(second_->send({message("a", "from the second")}));
  EXPECT_TRUE(await_effects(2));
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

TEST_F(TwoPumps, HandOverAtOnceThoughTheStandByLooksSeldom) {
  auto options = test::quick_options();
  options.pump.leadership_interval = seconds(8);
  options.relay.others_time = seconds(10);  // the one before may still commit
  second_ = std::make_unique<Service>(database_.connection_string(), broker_, options);
  second_->start();
  ASSERT_TRUE(await_sql("select count(*) from pg_locks where locktype = 'advisory' and not granted", "1"));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(first_->messaging().hand_over(seconds(5)));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return second_->messaging().leads(); }, "the second to lead"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(2));
  ASSERT_TRUE(first_->send({message("a", "committed afterwards")}));
  EXPECT_TRUE(await_effects(1));
  EXPECT_TRUE(first_->messaging().drain(seconds(5)));
}

TEST_F(TwoPumps, PublishWhatTheLeaderBeforeCommittedAtItsVeryEnd) {
  EXPECT_TRUE(first_->messaging().hand_over(seconds(5)));
  ASSERT_TRUE(second_->send({message("a", "from the second")}));
  ASSERT_TRUE(await_effects(1)) << "it leads, and has swept";
  ASSERT_TRUE(first_->send({message("a", "committed afterwards")}));
  EXPECT_TRUE(first_->messaging().drain(seconds(5)));
  EXPECT_TRUE(await_effects(2));
}

TEST_F(TwoPumps, PublishAtTheEndWhatWasCommittedAfterTheHandOver) {
  second_.reset();
  EXPECT_TRUE(first_->messaging().hand_over(seconds(5)));
  EXPECT_FALSE(first_->messaging().leads());
  ASSERT_TRUE(first_->send({message("a", "committed afterwards")}));
  EXPECT_TRUE(first_->messaging().drain(seconds(5)));
  EXPECT_EQ(broker_.state()->last_sequence, 1u);
}

TEST_F(TwoPumps, KeepAKeyInOrderWhenTheLeaderCrashedWithDeliveriesHalfDone) {
  ASSERT_TRUE(first_->messaging().drain(seconds(5)));
  ASSERT_TRUE(pkg::testing::wait_until([&] { return second_->messaging().leads(); }, "the second to lead"));
  ASSERT_TRUE(second_->messaging().drain(seconds(5)));
  const auto publish = [&](const char* payload) {
    std::atomic<bool> stored = false;
    broker_.publish(message("a", payload), [&](messaging::PublishResult) { stored = true; });
    pkg::testing::wait_until([&] { return stored.load(); }, "a message stored");
  };
  for (const char* payload : {"1", "2", "3"}) publish(payload);
  {
    // The leader that crashes: it has three messages and acknowledges the second.
    std::atomic<int> came = 0;
    std::array<std::uint64_t, 3> tags{};
    const auto subscription = broker_.subscribe(test::quick_options().pump.consumer.subscription, [&](messaging::Delivery delivery) {
      tags[static_cast<std::size_t>(came)] = delivery.tag;
      ++came;
    });
    pkg::testing::wait_until([&] { return came == 3; }, "three deliveries");
    subscription->acknowledge(std::span(tags).subspan(1, 1));
    database_.sql("update messaging_leader set process = gen_random_uuid()");
  }
  for (const char* payload : {"4", "5"}) publish(payload);
  Service third(database_.connection_string(), broker_);
  third.start();
  EXPECT_TRUE(await_effects(4));
  EXPECT_EQ(database_.sql("select string_agg(payload, ' ' order by n) from effects"), "1 3 4 5");
}

/// A handler that takes its time, at the first of two messages of one key.
class TwoPumpsAndASlowHandler : public TwoPumps {
 protected:
  enum class Asks { first, at_the_end };

  void SetUp() override {
    for (auto* service : {first_.get(), second_.get()}) {
      service->handlers.on("mall.Slow", [this](uow::UnitOfWork& unit, const messaging::Message& received) -> errors::Result<> {
        auto& transaction = postgres::transaction_of(unit);
        if (asks_ == Asks::first) {
          if (const auto asked = transaction.query("select 1"); !asked) return errors::pass_on(asked);
        }
        entered = true;
        pkg::testing::wait_until([&] { return go_on.load(); }, "leave to go on");
        transaction.execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
        return {};
      });
    }
    TwoPumps::SetUp();
  }

  /// The leader is at work, and loses its lock, and only that.
  void cut_off_the_leader_at_work(Asks asks) {
    asks_ = asks;
    auto slow = message("a", "slow");
    slow.type = "mall.Slow";
    ASSERT_TRUE(first_->send({slow, message("a", "next")}));
    ASSERT_TRUE(pkg::testing::wait_until([&] { return entered.load(); }, "the handler at work"));
    database_.sql(
        "select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.mode = 'ExclusiveLock' and l.granted");
  }

  std::atomic<Asks> asks_ = Asks::first;
  std::atomic<bool> entered = false, go_on = false;
};

// What has not asked the database yet has nothing there that it could end.
TEST_F(TwoPumpsAndASlowHandler, CommitNothingOfTheOldLeadersOnceTheNewOneLeads) {
  cut_off_the_leader_at_work(Asks::at_the_end);
  EXPECT_TRUE(pkg::testing::wait_until([&] { return first_->messaging().leads() != second_->messaging().leads(); }, "one leader"));
  go_on = true;
  EXPECT_TRUE(await_effects(2));
  EXPECT_EQ(database_.sql("select string_agg(payload, ' ' order by n) from effects"), "slow next");
}

TEST_F(TwoPumpsAndASlowHandler, LetTheOldLeadersWorkEndBeforeTheNewOneLeads) {
  cut_off_the_leader_at_work(Asks::first);
  // The second has the lead's lock and waits for the handlers'.
  ASSERT_TRUE(await_sql(
      "select count(*) from pg_locks where locktype = 'advisory' and not granted and objid = " + std::to_string(handling_lock & 0xffffffff),
      "1"));
  EXPECT_FALSE(second_->messaging().leads() && first_->messaging().leads());
  go_on = true;
  EXPECT_TRUE(await_effects(2));
  EXPECT_EQ(database_.sql("select string_agg(payload, ' ' order by n) from effects"), "slow next");
}

TEST(OldLeader, IsAdmittedNothingOnceAnotherHasTakenTheLead) {
  const pkg::testing::TestDatabase database;
  test::prepare(database.connection_string());
  postgres::Pool pool(test::pool_options(database.connection_string()));
  postgres::PgTransactor transactor(pool);
  ids::CountingIds ids;
  const auto before = ids.next(), now = ids.next();
  PgLeadership first(pool, before), second(pool, now);
  ASSERT_EQ(first.hold(no_patience), messaging::Lead::taken);
  first.release();  // cut off; its handlers may still be at work
  ASSERT_EQ(second.hold(no_patience), messaging::Lead::taken);

  const auto admitted = [&](const ids::Uuid& process) {
    PgInbox inbox(pool, process);
    const auto one = message("a", "1");
    const messaging::Message* const messages[] = {&one};
    return transactor.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
      const auto admissions = inbox.admit(unit, messages);
      if (!admissions) return errors::pass_on(admissions);
      return {};
    });
  };
  const auto refused = admitted(before);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "leads_no_longer");
  EXPECT_EQ(database.sql("select count(*) from inbox"), "0");
  EXPECT_TRUE(admitted(now));
}

TEST_F(TwoPumps, HaveALeaderAgainAfterAllSessionsEnded) {
  database_.terminate_backends();
  EXPECT_TRUE(pkg::testing::wait_until(
      [&] { return first_->messaging().leads() != second_->messaging().leads() && second_->send({message("a", "1")}).has_value(); },
      "one leader"));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return database_.sql("select count(*) > 0 from effects") == "t"; }, "an effect"));
  EXPECT_EQ(database_.sql("select count(*) = count(distinct payload) from effects"), "t");
}

}  // namespace
}  // namespace pkg::messaging_pg
