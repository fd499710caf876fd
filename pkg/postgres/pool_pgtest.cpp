#include "pkg/postgres/pool.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "pkg/postgres/test_pool.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

using errors::ErrorKind;

class Pools : public ::testing::Test {
 protected:
  PoolOptions options(std::size_t connections) { return testing::options_for(database_.connection_string(), connections); }
  std::string sessions() {
    return database_.sql(
        "select count(*) from pg_stat_activity where application_name = 'pkg_postgres_test' and datname = current_database()");
  }

  pkg::testing::TestDatabase database_;
};

TEST_F(Pools, OpenNothingBeforeItIsNeeded) {
  const Pool pool(options(4));
  EXPECT_EQ(pool.stats().open, 0u);
  EXPECT_EQ(sessions(), "0");
}

TEST_F(Pools, GiveUpWhenAllConnectionsStayInUse) {
  auto few = options(2);
  few.acquire_timeout = std::chrono::milliseconds{30};
  Pool pool(few);
  const auto first = pool.acquire();
  const auto second = pool.acquire();
  ASSERT_TRUE(first && second);
  const auto rows = pool.query("select 1");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(rows.error().code, "database_busy");
  EXPECT_EQ(pool.stats().open, 2u);
}

TEST_F(Pools, HandAFreedConnectionToWhoWaits) {
  Pool pool(options(1));
  std::optional<errors::Result<Rows>> rows;
  std::thread waiting;
  {
    const auto lease = pool.acquire();
    ASSERT_TRUE(lease);
    waiting = std::thread([&] { rows = pool.query("select 1"); });
    pkg::testing::wait_until([&] { return pool.stats().waiting == 1; }, "the other thread waits");
  }
  waiting.join();
  EXPECT_TRUE(*rows);
  EXPECT_EQ(pool.stats().opened, 1u);
}

TEST_F(Pools, NeverOpenMoreThanTheyMay) {
  Pool pool(options(3));
  std::vector<std::jthread> threads;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 50; ++k) {
        if (!pool.query("select 1")) ++failed;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(failed, 0);
  EXPECT_LE(pool.stats().opened, 3u);
  EXPECT_EQ(pool.stats().exchanges, 400u);
}

TEST_F(Pools, GoByAnIndexThoughTheTableWasTinyWhenTheStatementWasPlanned) {
  database_.sql(
      "create table things (id bigint primary key) with (autovacuum_enabled = off); insert into things values (1); analyze things");
  Pool pool(options(1));
  const auto look_up = [&] {
    for (std::int64_t id = 1; id <= 20; ++id) EXPECT_TRUE(pool.query("select id from things where id = $1", {id}));
  };
  look_up();
  database_.sql("insert into things select generate_series(2, 1000)");
  look_up();
  EXPECT_TRUE(pool.query("select pg_stat_force_next_flush()"));
  EXPECT_TRUE(pool.query("select 1"));
  EXPECT_LT(std::stoll(database_.sql("select seq_tup_read from pg_stat_user_tables where relname = 'things'")), 1000);
}

TEST_F(Pools, CloseWhatIsIdleBeyondTheMinimum) {
  auto brief = options(3);
  brief.idle_close_after = std::chrono::milliseconds{0};
  Pool pool(brief);
  {
    const auto first = pool.acquire();
    const auto second = pool.acquire();
    const auto third = pool.acquire();
    ASSERT_TRUE(first && second && third);
  }
  EXPECT_EQ(pool.stats().open, 1u);
  pkg::testing::wait_until([&] { return sessions() == "1"; }, "the server has closed two sessions");
}

TEST_F(Pools, ThrowAwayAConnectionThatIsStillInATransaction) {
  Pool pool(options(1));
  {
    auto lease = pool.acquire();
    const Command command{"BEGIN"};
    EXPECT_FALSE(lease->exchange({&command, 1}).fault);
  }
  EXPECT_EQ(pool.stats().open, 0u);
  EXPECT_TRUE(pool.query("select 1"));
}

TEST_F(Pools, NameTheirSessionsAndKeepTheOptionsOfTheConnectionString) {
  auto named = options(1);
  named.connection.connection_string += " options='-c work_mem=5MB'";
  Pool pool(named);
  const auto rows = pool.query(
      "select current_setting('application_name'), current_setting('work_mem'), current_setting('statement_timeout'), "
      "current_setting('idle_in_transaction_session_timeout')");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0].text(0), "pkg_postgres_test");
  EXPECT_EQ((*rows)[0].text(1), "5MB");
  EXPECT_EQ((*rows)[0].text(2), "10s");
  EXPECT_EQ((*rows)[0].text(3), "10s");
}

TEST_F(Pools, WriteNothingWhereTheyAreForReading) {
  auto reading = options(1);
  reading.connection.read_only = true;
  Pool pool(reading);
  EXPECT_FALSE(pool.query("create table t (n bigint)"));
  Pool(options(1)).query("create table t (n bigint)");
  EXPECT_FALSE(pool.query("insert into t values (1)"));
  const auto rows = pool.query("select count(*), current_setting('transaction_isolation') from t");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0].int64(0), 0);
  EXPECT_EQ((*rows)[0].text(1), "repeatable read");
}

TEST_F(Pools, PrepareAStatementOncePerConnection) {
  Pool pool(options(1));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pool.query("select $1::bigint", {i}));
  const auto rows = pool.query("select count(*) from pg_prepared_statements where statement = 'select $1::bigint'");
  EXPECT_EQ((*rows)[0].int64(0), 1);
  EXPECT_EQ(pool.stats().opened, 1u);
}

TEST_F(Pools, KeepOnlySoManyPreparedStatements) {
  auto small = options(1);
  small.connection.prepared_statements = 5;
  Pool pool(small);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 20; ++i) {
      const auto rows = pool.query("select " + std::to_string(i) + "::bigint");
      ASSERT_TRUE(rows);
      EXPECT_EQ((*rows)[0].int64(0), i);
      EXPECT_FALSE(pool.query("select no_such_column_" + std::to_string(i)));
    }
  }
  const auto rows = pool.query("select count(*) from pg_prepared_statements");
  EXPECT_LE((*rows)[0].int64(0), 6);
}

TEST(PoolWithoutServer, IsUnavailableAtOnce) {
  Pool pool(testing::options_for("host=/nonexistent user=nobody dbname=nothing"));
  EXPECT_EQ(pool.query("select 1").error().code, "database_unavailable");
  EXPECT_EQ(pool.stats().open, 0u);
}

TEST(PoolWithoutServer, IsUnavailableAfterTheTimeLimitWhereTheServerIsSilent) {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ASSERT_EQ(bind(listening, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listening, 1), 0);
  ASSERT_EQ(getsockname(listening, reinterpret_cast<sockaddr*>(&address), &length), 0);
  auto options = testing::options_for("host=127.0.0.1 port=" + std::to_string(ntohs(address.sin_port)) + " user=nobody dbname=nothing");
  options.connection.connect_timeout = std::chrono::milliseconds{50};
  Pool pool(options);
  EXPECT_EQ(pool.query("select 1").error().code, "database_unavailable");
  close(listening);
}

}  // namespace
}  // namespace pkg::postgres
