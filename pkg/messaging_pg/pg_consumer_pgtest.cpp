// What arrives: inbox, lanes and parking lot.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "pkg/messaging/memory/memory_broker.hpp"
#include "pkg/messaging_pg/test_service.hpp"

namespace pkg::messaging_pg {
namespace {

using messaging::Message;
using messaging::ParkedState;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::channel;
using test::happened;
using test::message;
using test::Service;

class PgConsumerTest : public ::testing::Test {
 protected:
  PgConsumerTest() {
    test::prepare(database_.connection_string());
    database_.sql("create table effects (n bigint generated always as identity, key text, payload text)");
  }
  std::unique_ptr<Service> service(PgMessagingOptions options = test::quick_options()) {
    return std::make_unique<Service>(database_.connection_string(), broker_, std::move(options));
  }
  void publish(const Message& message) {
    std::atomic<int> state = 0;
    broker_.publish(message, [&](messaging::PublishResult result) { state = result ? 1 : 2; });
    ASSERT_TRUE(pkg::testing::wait_until([&] { return state == 1; }, "a message stored"));
  }
  std::string effects(const std::string& key = "") {
    return database_.sql("select coalesce(string_agg(payload, ' ' order by n), '') from effects where key = '" + key + "' or '" + key +
                         "' = ''");
  }
  bool await_effects(const std::string& key, const std::string& expected) {
    const bool came = pkg::testing::wait_until([&] { return effects(key) == expected; }, "the effects " + expected);
    if (!came) ADD_FAILURE() << "there are: " << effects(key);
    return came;
  }
  bool await_sql(const std::string& sql, const std::string& expected) {
    return pkg::testing::wait_until([&] { return database_.sql(sql) == expected; }, sql + " = " + expected);
  }

  pkg::testing::TestDatabase database_;
  messaging::MemoryBroker broker_;
};

TEST_F(PgConsumerTest, HandlesWhatIsPublished) {
  auto consumer = service();
  consumer->start();
  publish(message("a", "1"));
  EXPECT_TRUE(await_effects("a", "1"));
}

TEST_F(PgConsumerTest, GivesADoubledDeliveryNoSecondEffect) {
  auto consumer = service();
  consumer->start();
  const Message doubled = message("a", "1");
  const Message last = message("a", "2");
  publish(doubled);
  ASSERT_TRUE(await_effects("a", "1"));
  broker_.wipe();  // it forgets that it had the message
  publish(doubled);
  publish(last);
  EXPECT_TRUE(await_effects("a", "1 2"));
  EXPECT_EQ(database_.sql("select count(*) from inbox"), "2");
}

TEST_F(PgConsumerTest, BlamesNoHandlerForADoubledMessageThatItsQuestionShows) {
  auto consumer = service();
  consumer->handlers.on(happened, [](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
    auto& transaction = postgres::transaction_of(unit);
    if (auto rows = transaction.query("select 1"); !rows) return errors::pass_on(rows);
    transaction.execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
    return {};
  });
  consumer->start();
  const Message doubled = message("a", "1");
  publish(doubled);
  ASSERT_TRUE(await_effects("a", "1"));
  broker_.wipe();  // it forgets that it had the message
  publish(doubled);
  publish(message("a", "2"));
  EXPECT_TRUE(await_effects("a", "1 2"));
  EXPECT_EQ(database_.sql("select count(*) from parked_messages"), "0");
}

TEST_F(PgConsumerTest, ParksTheFailingOneOfABatchAndUndoesWhatItWrote) {
  auto consumer = service();
  consumer->handlers.on("mall.Poison", [](uow::UnitOfWork& unit, const Message&) -> errors::Result<> {
    postgres::transaction_of(unit).execute("insert into effects (key, payload) values ('poison', 'half done')");
    return errors::fail(errors::ErrorKind::rejected, "no", "No.");
  });
  for (int i = 0; i < 10; ++i) publish(message("a" + std::to_string(i), std::to_string(i)));
  Message poison = message("p", "poison");
  poison.type = "mall.Poison";
  publish(poison);
  for (int i = 10; i < 20; ++i) publish(message("b" + std::to_string(i), std::to_string(i)));
  consumer->start();
  EXPECT_TRUE(await_sql("select count(*) from effects", "20"));
  EXPECT_EQ(effects("poison"), "");
  EXPECT_TRUE(await_sql("select count(*) from parked_messages where type = 'mall.Poison'", "1"));
}

TEST_F(PgConsumerTest, FindsTheStatementThatOnlyFailsAtTheCommit) {
  auto consumer = service();
  consumer->handlers.on("mall.Poison", [](uow::UnitOfWork& unit, const Message&) -> errors::Result<> {
    postgres::transaction_of(unit).execute("insert into no_such_table values (1)");
    return {};
  });
  publish(message("a", "1"));
  Message poison = message("p", "poison");
  poison.type = "mall.Poison";
  publish(poison);
  publish(message("b", "2"));
  consumer->start();
  EXPECT_TRUE(await_sql("select count(*) from effects", "2"));
  EXPECT_TRUE(await_sql("select count(*) from parked_messages", "1"));
}

// Each handler writes and sends; some of them then fail, at once or only at the commit. What is sent in the end is that of the others,
// once.
TEST_F(PgConsumerTest, SendsNothingOfWhatWasUndoneInABatchThatWentOn) {
  constexpr int size = 300;
  auto consumer = service();
  const auto fails = [](int n) { return n % 7 == 3 || n % 31 == 0; };
  consumer->handlers.on(happened, [&](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
    auto& transaction = postgres::transaction_of(unit);
    const int n = std::stoi(received.payload);
    transaction.execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
    consumer->messaging().outbox().add(unit, message("from " + received.key, received.payload, "mall.answers"));
    if (n % 5 == 0) {
      if (auto rows = transaction.query("select 1"); !rows) return errors::pass_on(rows);
    }
    if (!fails(n)) return {};
    if (n % 2 == 0) return errors::fail(errors::ErrorKind::rejected, "no", "No.");
    transaction.execute("select 1 / 0");
    return {};
  });
  std::vector<std::string> answers;
  int failing = 0;
  for (int n = 1; n <= size; ++n) {
    publish(message("key " + std::to_string(n), std::to_string(n)));
    failing += fails(n);
    if (!fails(n)) answers.push_back(std::to_string(n));
  }
  consumer->start();
  EXPECT_TRUE(await_sql("select count(*) from effects", std::to_string(size - failing)));
  EXPECT_TRUE(await_sql("select count(*) from parked_messages", std::to_string(failing)));
  const auto answered = [&] {
    std::vector<std::string> payloads;
    for (const auto& each : broker_.stored("mall.answers")) payloads.push_back(each.payload);
    return payloads;
  };
  pkg::testing::wait_until([&] { return answered().size() >= answers.size(); }, "the answers of all but the failing ones");
  EXPECT_THAT(answered(), ::testing::UnorderedElementsAreArray(answers));
  EXPECT_EQ(database_.sql("select count(*) from inbox"), std::to_string(size));
}

TEST_F(PgConsumerTest, ParksAPoisonMessageWithItsKeyBehindItWhileOthersGoOnAndRecoversInOrder) {
  std::atomic<bool> poisonous = true;
  auto options = test::quick_options();
  options.pump.retry.tries = 1000;
  auto consumer = service(options);
  consumer->handlers.on(happened, [&](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
    if (received.payload == "1" && poisonous) return errors::fail(errors::ErrorKind::unavailable, "peer_away", "Away.");
    postgres::transaction_of(unit).execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
    return {};
  });
  consumer->start();
  for (const char* payload : {"1", "2", "3"}) publish(message("a", payload));
  publish(message("b", "4"));
  EXPECT_TRUE(await_effects("b", "4"));
  EXPECT_TRUE(await_sql("select count(*) from parked_messages", "3"));
  EXPECT_EQ(effects("a"), "");
  poisonous = false;
  EXPECT_TRUE(await_effects("a", "1 2 3"));
  EXPECT_TRUE(await_sql("select count(*) from parked_messages", "0"));
  publish(message("a", "5"));
  EXPECT_TRUE(await_effects("a", "1 2 3 5"));
}

TEST_F(PgConsumerTest, LetsAnOperatorReplayOrDiscardWhatDied) {
  std::atomic<bool> poisonous = true;
  auto consumer = service();
  consumer->handlers.on(happened, [&](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
    if (received.payload == "bad" && poisonous) return errors::fail(errors::ErrorKind::rejected, "no", "No.");
    postgres::transaction_of(unit).execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
    return {};
  });
  consumer->start();
  for (const char* key : {"a", "b"}) {
    publish(message(key, "bad"));
    publish(message(key, "good"));
  }
  ASSERT_TRUE(await_sql("select count(*) from parked_messages where state = 'dead'", "2"));
  auto& lot = consumer->messaging().parking_lot();
  const auto counts = lot.count();
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->dead, 2u);
  const auto dead = lot.list({.state = ParkedState::dead, .channel = channel});
  ASSERT_TRUE(dead);
  ASSERT_EQ(dead->size(), 2u);
  EXPECT_EQ(dead->front().why, "no: No.");
  EXPECT_EQ(dead->front().attempts, 3u);
  EXPECT_EQ(dead->front().message.payload, "bad");

  poisonous = false;
  for (const auto& each : *dead) {
    ASSERT_TRUE(each.message.key == "a" ? lot.replay(each.position, clock::SystemClock().now()) : lot.discard(each.position));
  }
  consumer->messaging().look_at_parked();
  EXPECT_TRUE(await_effects("a", "bad good"));
  EXPECT_TRUE(await_effects("b", "good"));
  EXPECT_EQ(lot.discard(999).error().kind, errors::ErrorKind::not_found);
  EXPECT_EQ(lot.replay(999, {}).error().kind, errors::ErrorKind::not_found);
}

TEST_F(PgConsumerTest, FindsTheOldestOfEachKeyBehindWhichManyWait) {
  auto consumer = service();
  database_.sql(
      "insert into parked_messages (message_id, channel, key, type, message, raw, state, attempts, why, parked_at, next_attempt_at) "
      "select gen_random_uuid(), c, k, 'mall.Poison', '', '', case when k = 'dead' and n = 1 then 'dead' else 'waiting' end, 1, '', now(), "
      "now() + interval '1 hour' - n * interval '1 second' - case when c = 'two' then interval '1 minute' else interval '0' end "
      "from generate_series(1, 3000) n, unnest(array['one', 'two']) c, unnest(array['a', 'b', 'dead']) k order by n, c, k");
  auto& lot = consumer->messaging().parking_lot();
  const auto heads = lot.heads(3);
  ASSERT_TRUE(heads);
  std::vector<std::int64_t> positions;
  for (const auto& head : *heads) positions.push_back(head.position);
  EXPECT_EQ(positions, (std::vector<std::int64_t>{4, 5, 1})) << "the soonest due first, and none behind a dead one";
  EXPECT_EQ(lot.heads(100)->size(), 4u);
}

TEST_F(PgConsumerTest, KeepsAnUndecodableMessageWithItsBytes) {
  auto consumer = service();
  consumer->start();
  broker_.store_raw(channel, {{"ce-id", "\xff not an id"}}, std::string("\0payload", 8));
  publish(message("a", "1"));
  EXPECT_TRUE(await_effects("a", "1"));
  ASSERT_TRUE(await_sql("select count(*) from parked_messages where state = 'dead'", "1"));
  auto& lot = consumer->messaging().parking_lot();
  const auto dead = lot.list({});
  ASSERT_TRUE(dead);
  EXPECT_NE(dead->front().raw.find(std::string("\0payload", 8)), std::string::npos);
  EXPECT_EQ(lot.replay(dead->front().position, {}).error().kind, errors::ErrorKind::rejected);
}

TEST_F(PgConsumerTest, GoesOnAfterItsSessionsWereEndedInTheMiddle) {
  auto consumer = service();
  consumer->start();
  for (int i = 0; i < 200; ++i) {
    publish(message("a", std::to_string(i)));
    if (i % 50 == 25) database_.terminate_backends();
  }
  EXPECT_TRUE(pkg::testing::wait_until([&] { return database_.sql("select count(*) from effects") >= "200"; }, "all effects", seconds(20)));
  EXPECT_EQ(database_.sql("select count(*) = count(distinct payload) and count(*) = 200 from effects"), "t");
  EXPECT_EQ(
      database_.sql("select count(*) from (select payload::int < lag(payload::int) over (order by n) as back from effects) s where back"),
      "0");
}

TEST_F(PgConsumerTest, ForgetsOldMessagesInTheInbox) {
  PgInbox inbox(service()->pool());
  database_.sql("insert into inbox select gen_random_uuid(), now() - interval '8 days' from generate_series(1, 30)");
  database_.sql("insert into inbox select gen_random_uuid() from generate_series(1, 5)");
  postgres::Pool pool(test::pool_options(database_.connection_string()));
  PgInbox cleaned(pool);
  EXPECT_EQ(cleaned.forget_before(clock::SystemClock().now() - std::chrono::hours(24 * 7), 20).value(), 20u);
  EXPECT_EQ(cleaned.forget_before(clock::SystemClock().now() - std::chrono::hours(24 * 7), 20).value(), 10u);
  EXPECT_EQ(database_.sql("select count(*) from inbox"), "5");
}

TEST_F(PgConsumerTest, DrainsWhatWasDeliveredBeforeItStops) {
  auto consumer = service();
  consumer->start();
  for (int i = 0; i < 100; ++i) publish(message("a" + std::to_string(i % 7), std::to_string(i)));
  ASSERT_TRUE(await_sql("select count(*) > 0 from effects", "t"));
  EXPECT_TRUE(consumer->messaging().drain(seconds(10)));
  const std::string after = database_.sql("select count(*) from effects");
  auto next = service();
  next->start();
  EXPECT_TRUE(await_sql("select count(*) from effects", "100"));
  EXPECT_EQ(database_.sql("select count(*) from inbox"), "100") << "handled by the first: " << after;
}

TEST(PgConsumerOnItsOwnServer, LosesNothingWhenTheDatabaseRestartsWhileItConsumes) {
  auto server = pkg::testing::PostgresServer::start_private();
  pkg::testing::TestDatabase database(*server);
  test::prepare(database.connection_string());
  database.sql("create table effects (n bigint generated always as identity, key text, payload text)");
  messaging::MemoryBroker broker;
  Service sender(database.connection_string(), broker);
  sender.start();
  int sent = 0;
  const auto send = [&] {
    if (sender.send({message("a", std::to_string(sent))})) ++sent;
  };
  while (sent < 100) send();
  server->stop();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(sender.send({message("b", "never")}));
  server->start();
  ASSERT_TRUE(pkg::testing::wait_until(
      [&] {
        send();
        return sent >= 200;
      },
      "commits after the restart", seconds(30)));
  EXPECT_TRUE(pkg::testing::wait_until([&] { return database.sql("select count(*) from effects where key = 'a'") == std::to_string(sent); },
                                       "all effects", seconds(30)));
  EXPECT_EQ(
      database.sql(
          "select count(*) from (select payload::int < lag(payload::int) over (order by n) as back from effects where key = 'a') s where back"),
      "0");
}

}  // namespace
}  // namespace pkg::messaging_pg
