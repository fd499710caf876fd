// What leaves: outbox, relay and their tables.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pkg/messaging/memory/memory_broker.hpp"
#include "pkg/messaging_pg/pg_outbox_store.hpp"
#include "pkg/messaging_pg/test_service.hpp"
#include "pkg/postgres/connection.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging_pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::channel;
using test::message;
using test::Service;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PgMessagingOptions only_sending() {
  auto options = test::quick_options();
  options.pump.consumer.subscription.channels.clear();
  return options;
}

class PgOutboxTest : public ::testing::Test {
 protected:
  PgOutboxTest() { test::prepare(database_.connection_string()); }
  std::unique_ptr<Service> service(PgMessagingOptions options = only_sending()) {
    auto made = std::make_unique<Service>(database_.connection_string(), broker_, std::move(options));
    made->start();
    return made;
  }
  std::vector<std::string> published() const {
    std::vector<std::string> payloads;
    for (const auto& each : broker_.stored(channel)) payloads.push_back(each.payload);
    return payloads;
  }
  bool await_published(std::size_t count) {
    return pkg::testing::wait_until([&] { return published().size() >= count; }, std::to_string(count) + " messages published");
  }
  void await_lead(Service& service) {
    pkg::testing::wait_until([&] { return service.messaging().leads(); }, "the lead");
    // The first message also waits for the relay to have asked database and broker.
    ASSERT_TRUE(service.send({message("warm-up", "", "mall.warm-up")}));
    pkg::testing::wait_until([&] { return broker_.stored("mall.warm-up").size() >= 1 && service.messaging().figures().backlog == 0; },
                             "the relay at work");
  }

  pkg::testing::TestDatabase database_;
  messaging::MemoryBroker broker_;
};

TEST_F(PgOutboxTest, PublishesWhatIsCommittedWithAllItsAttributes) {
  auto sender = service();
  auto sent = message("order-1", std::string("\0bytes", 6));
  sent.causation_id = "cause";
  sent.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  sent.aggregate_version = 7;
  sent.headers = {{"saga", "create-order"}};
  ASSERT_TRUE(sender->send({sent}));
  ASSERT_TRUE(await_published(1));
  EXPECT_EQ(broker_.stored(channel).front(), sent);
}

TEST_F(PgOutboxTest, PublishesNothingOfAUnitThatFails) {
  auto sender = service();
  EXPECT_FALSE(sender->send({message("order-1", "no")}, true));
  ASSERT_TRUE(sender->send({message("order-1", "yes")}));
  ASSERT_TRUE(await_published(1));
  EXPECT_THAT(published(), ElementsAre("yes"));
}

TEST_F(PgOutboxTest, SendsAllMessagesOfAUnitWithItsCommitInOneRoundTrip) {
  Service sender(database_.connection_string(), broker_, only_sending());
  ASSERT_TRUE(sender.send({message("a", "0")}));
  const auto before = sender.pool().stats().exchanges;
  ASSERT_TRUE(sender.send({message("a", "1"), message("b", "2"), message("a", "3")}));
  EXPECT_EQ(sender.pool().stats().exchanges - before, 1u);
}

TEST_F(PgOutboxTest, IsNotPolledForWhatIsHandedOverInMemory) {
  auto options = only_sending();
  options.relay.sweep_interval = std::chrono::hours(1);
  options.relay.save_interval = std::chrono::hours(1);
  auto sender = service(options);
  await_lead(*sender);
  // The parking lot is looked at once after the lead is taken, on a thread of its own.
  pkg::testing::wait_until(
      [&, last = sender->pool().stats().exchanges, since = std::chrono::steady_clock::now()]() mutable {
        const auto now = std::chrono::steady_clock::now();
        if (const auto seen = sender->pool().stats().exchanges; seen != last) {
          last = seen;
          since = now;
        }
        return now - since > std::chrono::milliseconds(300);
      },
      "the database being left alone for 300 ms");
  const auto before = sender->pool().stats().exchanges;
  const auto swept = sender->messaging().figures().swept;
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(sender->send({message("order-" + std::to_string(i % 5), std::to_string(i))}));
  ASSERT_TRUE(await_published(50));
  EXPECT_EQ(sender->pool().stats().exchanges - before, 50u);
  EXPECT_EQ(sender->messaging().figures().swept, swept);
}

TEST_F(PgOutboxTest, CostsAtMostOneStatementPerSweepIntervalWhenIdle) {
  auto options = only_sending();
  options.relay.sweep_interval = options.relay.alone_interval = milliseconds(50);
  auto sender = service(options);
  await_lead(*sender);
  const auto exchanges = [&] { return sender->pool().stats().exchanges; };
  ASSERT_TRUE(pkg::testing::wait_until(
      [&, last = exchanges(), since = std::chrono::steady_clock::now()]() mutable {
        if (exchanges() - last >= 4) return true;
        return std::chrono::steady_clock::now() - since > seconds(5);
      },
      "some sweeps"));
  const auto begin = std::chrono::steady_clock::now();
  const auto before = exchanges();
  ASSERT_TRUE(pkg::testing::wait_until([&] { return exchanges() - before >= 8; }, "eight more"));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(50) * 7);
}

TEST_F(PgOutboxTest, PublishesWhatWasCommittedWhenTheProcessDiedBeforeTheHandOver) {
  {
    Service dies(database_.connection_string(), broker_, only_sending());  // never leads: nothing is handed over
    ASSERT_TRUE(dies.send({message("order-1", "1"), message("order-2", "2")}));
    ASSERT_TRUE(dies.send({message("order-1", "3")}));
  }
  EXPECT_THAT(published(), IsEmpty());
  auto next = service();
  ASSERT_TRUE(await_published(3));
  EXPECT_THAT(published(), ::testing::UnorderedElementsAre("1", "2", "3"));
}

TEST_F(PgOutboxTest, PublishesAgainWhatTheBrokerStoredButDidNotConfirm) {
  auto sender = service();
  await_lead(*sender);
  broker_.lose_next_confirmations(1);
  ASSERT_TRUE(sender->send({message("order-1", "1"), message("order-1", "2")}));
  ASSERT_TRUE(await_published(2));
  EXPECT_THAT(published(), ElementsAre("1", "2"));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return sender->messaging().figures().unconfirmed == 1; }, "the lost confirmation"));
}

TEST_F(PgOutboxTest, FillsABrokerThatWasWipedWithWhatItHadConfirmed) {
  auto sender = service();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(sender->send({message("order-" + std::to_string(i % 3), std::to_string(i))}));
  ASSERT_TRUE(await_published(20));
  broker_.wipe();
  ASSERT_TRUE(await_published(20));
  EXPECT_EQ(sender->messaging().figures().refills, 1u);
  std::map<std::string, int> last;
  for (const auto& each : broker_.stored(channel)) {
    const int number = std::stoi(each.payload);
    EXPECT_GE(number, last[each.key]);
    last[each.key] = number;
  }
}

TEST_F(PgOutboxTest, FillsABrokerThatWasWipedWhileNobodyWasLooking) {
  {
    auto sender = service();
    ASSERT_TRUE(sender->send({message("order-1", "1")}));
    ASSERT_TRUE(await_published(1));  // so it leads
    EXPECT_TRUE(sender->messaging().drain(seconds(5)));
  }
  broker_.wipe();
  auto next = service();
  ASSERT_TRUE(await_published(1));
}

TEST_F(PgOutboxTest, SavesHowFarItIsWhenItDrainsSoThatNothingIsPublishedAgain) {
  {
    auto sender = service();
    ASSERT_TRUE(pkg::testing::wait_until([&] { return sender->messaging().leads(); }, "the lead"));
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(sender->send({message("order-1", std::to_string(i))}));
    EXPECT_TRUE(sender->messaging().drain(seconds(5)));
  }
  EXPECT_THAT(published(), SizeIs(30));
  EXPECT_EQ(database_.sql("select settled = (select max(seq) from outbox) from relay_state"), "t");
}

TEST_F(PgOutboxTest, LosesNothingWhileTheBrokerIsAwayAndMemoryIsShort) {
  auto options = only_sending();
  options.relay.max_messages = 50;
  options.relay.max_held = 20;
  options.relay.sweep_limit = 20;
  auto sender = service(options);
  await_lead(*sender);
  broker_.set_available(false);
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(sender->send({message("order-" + std::to_string(i % 4), std::to_string(i))}));
  EXPECT_GT(sender->messaging().figures().spilled, 0u);
  EXPECT_LE(sender->messaging().figures().backlog, 70u);
  broker_.set_available(true);
  ASSERT_TRUE(await_published(300));
  std::map<std::string, int> last;
  for (const auto& each : broker_.stored(channel)) {
    EXPECT_GE(std::stoi(each.payload), last[each.key]) << each.key;
    last[each.key] = std::stoi(each.payload);
  }
  EXPECT_THAT(published(), SizeIs(300));
}

TEST_F(PgOutboxTest, RecordsAMessageThatTheBrokerRefusesAndGoesOnWithItsKey) {
  auto sender = service();
  await_lead(*sender);
  broker_.refuse_next(1);
  ASSERT_TRUE(sender->send({message("order-1", "too large"), message("order-1", "next")}));
  ASSERT_TRUE(await_published(1));
  EXPECT_THAT(published(), ElementsAre("next"));
  EXPECT_EQ(database_.sql("select count(*) from outbox_dead"), "1");
}

TEST_F(PgOutboxTest, RecordsEachMessageOfARowThatTheBrokerRefuses) {
  auto sender = service();
  await_lead(*sender);
  broker_.refuse_next(2);
  ASSERT_TRUE(sender->send({message("order-1", "too large"), message("order-2", "as well"), message("order-3", "fine")}));
  ASSERT_TRUE(await_published(1));
  EXPECT_THAT(published(), ElementsAre("fine"));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return sender->messaging().figures().dead == 2; }, "both recorded"));
  EXPECT_EQ(database_.sql("select string_agg(key || ' ' || part, ', ' order by part) from outbox_dead"), "order-1 0, order-2 1");
}

TEST_F(PgOutboxTest, KeepsSeveralMessagesOfAUnitInARowAndReadsThemAgain) {
  std::vector<messaging::Message> sent;
  for (int i = 0; i < 30; ++i) sent.push_back(message("order-" + std::to_string(i % 3), std::to_string(i) + std::string(200, '.')));
  sent.push_back(message("order-1", std::string(20'000, 'x')));
  sent.push_back(message("order-1", "last"));
  {
    auto sender = service();
    await_lead(*sender);
    broker_.set_available(false);
    ASSERT_TRUE(sender->send(sent));
  }
  const auto rows = std::stoi(database_.sql("select count(*) from outbox where channel = '" + channel + "'"));
  EXPECT_LT(rows, 10);
  EXPECT_EQ(database_.sql("select max(octet_length(more)) < 4000 from outbox"), "t");
  broker_.set_available(true);
  auto next = service();
  ASSERT_TRUE(await_published(sent.size()));
  // Of each key in order, whatever lies between.
  for (const auto* key : {"order-0", "order-1", "order-2"}) {
    const auto of_key = [&](const std::vector<messaging::Message>& messages) {
      std::vector<messaging::Message> these;
      std::ranges::copy_if(messages, std::back_inserter(these), [&](const auto& each) { return each.key == key; });
      return these;
    };
    EXPECT_EQ(of_key(broker_.stored(channel)), of_key(sent)) << key;
  }
}

TEST_F(PgOutboxTest, HasARowForEachMessageWhereAnotherProcessReadsThem) {
  Service follower(database_.connection_string(), broker_, only_sending());  // not started, so it does not lead
  ASSERT_TRUE(follower.send({message("order-1", "1"), message("order-1", "2")}));
  EXPECT_EQ(database_.sql("select count(*) || ' ' || count(more) from outbox"), "2 0") << "perhaps one of the release before";
}

TEST_F(PgOutboxTest, DeletesRowsAfterTheirRetentionAndNotBefore) {
  auto options = only_sending();
  options.relay.retention = milliseconds(400);
  auto sender = service(options);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(sender->send({message("order-1", std::to_string(i))}));
  ASSERT_TRUE(await_published(10));
  const std::string kept = database_.sql("select count(*) from outbox");
  if (std::chrono::steady_clock::now() - begin < milliseconds(300)) {
    EXPECT_EQ(kept, "10");
  }
  EXPECT_TRUE(pkg::testing::wait_until([&] { return database_.sql("select count(*) from outbox") == "0"; }, "the rows deleted"));
}

TEST_F(PgOutboxTest, GoesOnAfterItsSessionsWereEnded) {
  auto sender = service();
  await_lead(*sender);
  database_.terminate_backends();
  ASSERT_TRUE(pkg::testing::wait_until([&] { return sender->send({message("order-1", "after")}).has_value(); }, "a commit"));
  ASSERT_TRUE(await_published(1));
}

TEST_F(PgOutboxTest, BoundsTheOwnerOfAMissingNumberThoughItBeganAfterAllThatIsDecided) {
  const auto settings = test::pool_options(database_.connection_string()).connection;
  auto earlier = postgres::Connection::open(settings), later = postgres::Connection::open(settings);
  ASSERT_TRUE(earlier && later);
  const auto say = [](postgres::Connection& connection, std::string_view sql) {
    const postgres::Params none;
    const postgres::Command command{sql, &none};
    auto exchange = connection.exchange({&command, 1});
    EXPECT_FALSE(exchange.fault) << sql;
    return exchange;
  };
  constexpr std::string_view insert = "insert into outbox (channel, key, type, message) values ('c', 'k', 't', '') returning seq";
  constexpr std::string_view number = "select pg_current_xact_id()::text::bigint";
  say(**earlier, "begin");
  say(**earlier, number);
  say(**later, "begin");
  const auto owner = say(**later, number).results.front()[0].int64(0);
  const auto missing = static_cast<messaging::Seq>(say(**later, insert).results.front()[0].int64(0));
  const auto seen = static_cast<messaging::Seq>(say(**earlier, insert).results.front()[0].int64(0));
  say(**earlier, "commit");
  ASSERT_EQ(seen, missing + 1);

  postgres::Pool pool(test::pool_options(database_.connection_string()));
  PgOutboxStore store(pool);
  const auto swept = store.sweep({.gaps = {}, .above = missing - 1, .heard = 0, .limit = 100});
  ASSERT_TRUE(swept);
  ASSERT_EQ(swept->rows.size(), 1u);
  ASSERT_TRUE(swept->bound);
  EXPECT_GT(*swept->bound, static_cast<std::uint64_t>(owner)) << "it would be taken for void while its owner runs";
  say(**later, "commit");
  auto again = store.sweep({.gaps = {{missing, missing}}, .above = seen, .heard = seen, .limit = 100});
  // Numbers are the server's, and others' transactions that are older may run in its other databases.
  const auto sweeps_past_it = [&] {
    again = store.sweep({.gaps = {{missing, missing}}, .above = seen, .heard = seen, .limit = 100});
    return !again || again->oldest_running >= *swept->bound;
  };
  pkg::testing::wait_until(sweeps_past_it, "all that began before the sweep to have ended");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->rows.size(), 1u);
  EXPECT_FALSE(again->bound) << "nothing is missing, and idle sweeps take no number";
  EXPECT_GE(again->oldest_running, *swept->bound);
}

TEST_F(PgOutboxTest, KeepsOrderPerKeyWhenManyThreadsCommitAndTwoProcessesWrite) {
  auto leader = service();
  await_lead(*leader);
  const auto other = service();
  constexpr int keys = 8, each = 60;
  std::vector<std::thread> threads;
  for (int k = 0; k < keys; ++k) {
    threads.emplace_back([&, k] {
      for (int i = 0; i < each; ++i) {
        Service& writer = (i + k) % 3 == 0 ? *other : *leader;
        ASSERT_TRUE(writer.send({message("order-" + std::to_string(k), std::to_string(i))}));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(await_published(keys * each));
  std::map<std::string, int> next;
  for (const auto& stored : broker_.stored(channel)) EXPECT_EQ(std::stoi(stored.payload), next[stored.key]++) << stored.key;
  EXPECT_GT(leader->messaging().figures().swept, 0u);
}

}  // namespace
}  // namespace pkg::messaging_pg
