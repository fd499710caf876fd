// Two services on PostgreSQL that talk over NATS: order, nothing lost, and how fast on this machine.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>

#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging_pg/test_service.hpp"
#include "pkg/testing/nats_server.hpp"

namespace pkg::messaging_pg {
namespace {

using messaging::Message;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::happened;
using test::message;
using test::Service;
using Steady = std::chrono::steady_clock;

const std::string to_second = "mallbots.second.commands";
const std::string to_first = "mallbots.first.commands";

std::unique_ptr<messaging::Broker> connect(const pkg::testing::NatsServer& server, std::string name) {
  messaging::NatsOptions options;
  options.url = server.url();
  options.name = std::move(name);
  return messaging::create_nats_broker(options);
}

PgMessagingOptions listening_to(const std::string& channel, std::string group) {
  PgMessagingOptions options;
  options.pump.consumer.subscription.group = std::move(group);
  options.pump.consumer.subscription.channels = {channel};
  options.pump.leadership_interval = milliseconds(100);
  return options;
}

// Notes what arrives, in its order, in the handler's own transaction.
void note(uow::UnitOfWork& unit, const Message& received) {
  postgres::transaction_of(unit).execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
}

class TwoServices : public ::testing::Test {
 protected:
  TwoServices() {
    for (const auto* database : {&first_database_, &second_database_}) {
      test::prepare(database->connection_string());
      database->sql("create table effects (n bigint generated always as identity, key text, payload text)");
    }
    // The second answers every message under the same key; the first notes the answers.
    second_.handlers.on(happened, [this](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
      note(unit, received);
      second_.messaging().outbox().add(unit, message(received.key, received.payload, to_first));
      return {};
    });
    first_.handlers.on(happened, [this](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
      note(unit, received);
      postgres::transaction_of(unit).after_commit([this] { ++answered_; });
      return {};
    });
    first_.start();
    second_.start();
    pkg::testing::wait_until([this] { return first_.messaging().leads() && second_.messaging().leads(); }, "both to lead");
  }
  void send(const std::string& key, int number) { ASSERT_TRUE(first_.send({message(key, std::to_string(number), to_second)})); }
  bool await_answers(int count, seconds limit = seconds(60)) {
    return pkg::testing::wait_until([&] { return answered_ >= count; }, std::to_string(count) + " answers", limit);
  }
  void expect_order_and_completeness(int count) {
    for (const auto* database : {&first_database_, &second_database_}) {
      EXPECT_EQ(database->sql("select count(*) from effects where key <> 'warm-up'"), std::to_string(count));
      EXPECT_EQ(database->sql("select count(*) from (select payload::int <= lag(payload::int) over (partition by key order by n) as back "
                              "from effects) s where back"),
                "0");
      EXPECT_EQ(database->sql("select count(*) from parked_messages"), "0");
    }
  }

  pkg::testing::NatsServer server_;
  pkg::testing::TestDatabase first_database_, second_database_;
  std::unique_ptr<messaging::Broker> first_broker_ = connect(server_, "first");
  std::unique_ptr<messaging::Broker> second_broker_ = connect(server_, "second");
  std::atomic<int> answered_ = 0;
  Service first_{first_database_.connection_string(), *first_broker_, listening_to(to_first, "first")};
  Service second_{second_database_.connection_string(), *second_broker_, listening_to(to_second, "second")};
};

TEST_F(TwoServices, ExchangeFiveThousandMessagesOverFiftyKeysInOrder) {
  constexpr int count = 5000, keys = 50, writers = 5;
  const auto begin = Steady::now();
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      for (int i = w; i < count; i += writers) send("key-" + std::to_string(i % keys), i);
    });
  }
  for (auto& thread : threads) thread.join();
  const auto sent = Steady::now();
  ASSERT_TRUE(await_answers(count));
  const auto took = std::chrono::duration<double>(Steady::now() - begin).count();
  for (auto* service : {&first_, &second_}) {
    const auto figures = service->messaging().figures();
    std::printf("published %lu, of them swept %lu, spilled %lu, again %lu; %lu round trips to the database\n", figures.published,
                figures.swept, figures.spilled, figures.unconfirmed, service->pool().stats().exchanges);
  }
  std::printf("%d messages there and back: %.2f s, %.0f messages a second (sending alone took %.2f s)\n", count, took, 2 * count / took,
              std::chrono::duration<double>(sent - begin).count());
  expect_order_and_completeness(count);
  EXPECT_EQ(first_.messaging().figures().published, static_cast<std::uint64_t>(count));
}

TEST_F(TwoServices, AnswerQuicklyWhenNothingElseIsGoingOn) {
  send("warm-up", 0);
  ASSERT_TRUE(await_answers(1));
  std::vector<double> round_trips;
  for (int i = 1; i <= 200; ++i) {
    const auto begin = Steady::now();
    send("key", i);
    while (answered_ <= i && Steady::now() - begin < seconds(5)) std::this_thread::yield();
    round_trips.push_back(std::chrono::duration<double, std::milli>(Steady::now() - begin).count());
  }
  ASSERT_TRUE(await_answers(201));
  std::sort(round_trips.begin(), round_trips.end());
  // A round trip is a commit, a hop, a commit, a hop and a commit.
  std::printf("there and back, three commits and two hops: p50 %.2f ms, p90 %.2f ms; one hop with its commit about %.2f ms\n",
              round_trips[100], round_trips[180], round_trips[100] / 2.5);
  EXPECT_LT(round_trips[100], 100.0);
}

TEST_F(TwoServices, LoseNothingWhenTheBrokerIsKilledAndWipedInTheMiddle) {
  constexpr int count = 600;
  for (int i = 0; i < count; ++i) {
    send("key-" + std::to_string(i % 10), i);
    if (i == 200) {
      ASSERT_TRUE(await_answers(1));  // there is something to be forgotten
      server_.kill();
      server_.start();
    }
    if (i == 400) {
      server_.kill();
      server_.wipe();
      server_.start();
    }
  }
  ASSERT_TRUE(await_answers(count));
  expect_order_and_completeness(count);
  EXPECT_EQ(first_.messaging().figures().refills, 1u);
}

}  // namespace
}  // namespace pkg::messaging_pg
