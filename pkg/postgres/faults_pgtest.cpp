// What happens when PostgreSQL goes away, in every moment that matters.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

using errors::ErrorKind;
using errors::Result;

class Faults : public ::testing::Test {
 protected:
  Faults() {
    database_.sql(R"(
      create table things (name text primary key);
      create function die() returns trigger language plpgsql as
        'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(10); return null; end';
      create constraint trigger dies after insert on things deferrable initially deferred for each row
        when (new.name = 'die at commit') execute function die())");
  }

  Result<> run(const std::function<Result<>(Transaction&)>& work) {
    return transactor_.run({}, [&](uow::UnitOfWork& unit) {
      Transaction& transaction = transaction_of(unit);
      transaction.before_commit([this] { happened_.push_back("before commit"); });
      transaction.on_outcome([this](Outcome outcome) {
        const char* names[] = {"committed", "rolled back", "unknown"};
        happened_.push_back(names[static_cast<int>(outcome)]);
      });
      transaction.after_commit([this] { happened_.push_back("after commit"); });
      return work(transaction);
    });
  }
  std::string count() { return database_.sql("select count(*) from things"); }

  using Happened = std::vector<std::string>;
  pkg::testing::TestDatabase database_;
  Pool pool_{testing::options_for(database_.connection_string())};
  PgTransactor transactor_{pool_};
  Happened happened_;
};

constexpr std::string_view insert = "insert into things values ($1)";

TEST_F(Faults, ACommitIsToldOnce) {
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    return {};
  }));
  EXPECT_EQ(happened_, (Happened{"before commit", "committed", "after commit"}));
}

TEST_F(Faults, ARollbackIsToldOnceAndNothingIsAnnounced) {
  EXPECT_FALSE(run([](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    return errors::fail(ErrorKind::rejected, "no", "No.");
  }));
  EXPECT_EQ(happened_, Happened{"rolled back"});
}

TEST_F(Faults, AnExceptionOfTheWorkRollsBack) {
  EXPECT_THROW(static_cast<void>(run([](Transaction& t) -> Result<> {
                 t.execute(insert, {"a"});
                 EXPECT_TRUE(t.query("select 1"));
                 throw std::runtime_error("no");
               })),
               std::runtime_error);
  EXPECT_EQ(happened_, Happened{"rolled back"});
  EXPECT_EQ(count(), "0");
}

TEST_F(Faults, EveryAttemptIsToldByItself) {
  database_.sql("insert into things values ('0')");
  int attempts = 0;
  ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
    t.execute(insert, {std::to_string(attempts++)}, on_violation("things_pkey", contended()));
    return {};
  }));
  EXPECT_EQ(happened_, (Happened{"before commit", "rolled back", "before commit", "committed", "after commit"}));
}

TEST_F(Faults, AHookBeforeTheCommitMayWrite) {
  const auto before = pool_.stats().exchanges;
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.before_commit([&t] { t.execute(insert, {"gathered"}); });
    return {};
  }));
  EXPECT_EQ(count(), "1");
  EXPECT_EQ(pool_.stats().exchanges - before, 1u);
}

TEST_F(Faults, ABackendKilledBetweenStatementsRollsBackAndTheNextUnitIsFine) {
  const auto done = run([&](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    EXPECT_TRUE(t.query("select 1"));
    database_.terminate_backends();
    auto rows = t.query("select 2");
    EXPECT_FALSE(rows);
    return rows ? Result<>() : errors::pass_on(rows);
  });
  EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(happened_, Happened{"rolled back"});
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.execute(insert, {"b"});
    return {};
  }));
  EXPECT_EQ(database_.sql("select string_agg(name, ',') from things"), "b");
}

TEST_F(Faults, ABackendKilledBeforeCommitIsSentRollsBackForCertain) {
  const auto done = run([&](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    EXPECT_TRUE(t.query("select 1"));
    database_.terminate_backends();
    return {};
  });
  EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(is_commit_outcome_unknown(done.error()));
  EXPECT_EQ(happened_, (Happened{"before commit", "rolled back"}));
  EXPECT_EQ(count(), "0");
}

TEST_F(Faults, ABackendKilledByAStatementBeforeCommitRollsBackForCertain) {
  const auto done = run([&](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    t.execute("select pg_terminate_backend(pg_backend_pid())");
    t.execute("select pg_sleep(10)");
    return {};
  });
  EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
  EXPECT_FALSE(is_commit_outcome_unknown(done.error()));
  EXPECT_EQ(happened_, (Happened{"before commit", "rolled back"}));
}

TEST_F(Faults, ABackendKilledDuringTheCommitLeavesTheOutcomeUnknown) {
  int attempts = 0;
  const auto done = run([&](Transaction& t) -> Result<> {
    ++attempts;
    t.execute(insert, {"die at commit"});
    return {};
  });
  EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(done.error().code, "commit_outcome_unknown");
  EXPECT_EQ(happened_, (Happened{"before commit", "unknown"}));
  EXPECT_EQ(attempts, 1) << "not run again: it may have happened";
}

TEST_F(Faults, IdleConnectionsThatDiedAreReplacedUnnoticed) {
  ASSERT_TRUE(pool_.query("select 1"));
  database_.terminate_backends();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool_.query("select 1"));
  EXPECT_EQ(pool_.stats().opened, 2u);
  EXPECT_EQ(pool_.stats().open, 1u);
}

TEST_F(Faults, AStatementThatTakesTooLongEnds) {
  auto options = testing::options_for(database_.connection_string());
  options.connection.statement_timeout = std::chrono::milliseconds{50};
  Pool pool(options);
  const auto rows = pool.query("select pg_sleep(10)");
  EXPECT_EQ(rows.error().code, "database_timeout");
  EXPECT_EQ(rows.error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(pool.query("select 1"));
  EXPECT_EQ(pool.stats().opened, 1u);
}

TEST_F(Faults, ATransactionLeftIdleIsEndedByTheServer) {
  auto options = testing::options_for(database_.connection_string());
  options.connection.idle_in_transaction_timeout = std::chrono::milliseconds{50};
  Pool pool(options);
  const auto done = PgTransactor(pool).run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    transaction_of(unit).execute(insert, {"a"});
    EXPECT_TRUE(transaction_of(unit).query("select 1"));
    pkg::testing::wait_until(
        [&] {
          return database_.sql(
                     "select count(*) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()") == "0";
        },
        "the server ends the idle transaction");
    return {};
  });
  EXPECT_EQ(done.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(count(), "0");
}

TEST_F(Faults, AReadOnlyServerIsUnavailable) {
  database_.sql("alter database " + database_.name() + " set default_transaction_read_only = on");
  EXPECT_EQ(pool_.query(insert, {"a"}).error().kind, ErrorKind::unavailable);
}

TEST_F(Faults, APlanThatAMigrationMadeStaleIsPreparedAfresh) {
  ASSERT_TRUE(pool_.query("select * from things"));
  database_.sql("alter table things add column size bigint");
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    auto rows = t.query("select * from things");
    return rows ? Result<>() : errors::pass_on(rows);
  }));
}

class ServerFaults : public ::testing::Test {
 protected:
  std::unique_ptr<pkg::testing::PostgresServer> server_ = pkg::testing::PostgresServer::start_private();
};

TEST_F(ServerFaults, APoolOutlivesARestartAndACrashDuringTheCommitIsUnknown) {
  pkg::testing::TestDatabase database(*server_);
  database.sql(R"(create table things (name text primary key);
    create function nap() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
    create constraint trigger naps after insert on things deferrable initially deferred for each row
      when (new.name = 'nap at commit') execute function nap())");
  auto options = testing::options_for(database.connection_string());
  options.connection.application_name = "the one that naps";
  Pool pool(options);
  PgTransactor transactor(pool);
  ASSERT_TRUE(pool.query(insert, {"before"}));

  std::optional<Result<>> done;
  std::optional<Outcome> outcome;
  std::thread committing([&] {
    done = transactor.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      transaction_of(unit).execute(insert, {"nap at commit"});
      transaction_of(unit).on_outcome([&](Outcome what) { outcome = what; });
      return {};
    });
  });
  pkg::testing::wait_until(
      [&] {
        return database.sql(
                   "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and application_name = 'the one that naps'") == "1";
      },
      "the commit is under way");
  server_->stop();
  committing.join();
  EXPECT_EQ(done->error().code, "commit_outcome_unknown");
  EXPECT_EQ(outcome, Outcome::unknown);
  EXPECT_EQ(pool.query("select 1").error().code, "database_unavailable") << "while it is down";

  server_->start();
  const auto rows = pool.query("select name from things");
  ASSERT_TRUE(rows) << "no restart of ours was needed";
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].text(0), "before") << "what was committed is still there";
}

TEST_F(ServerFaults, AServerThatDiesAtWorkBeforeTheCommitHasCertainlyDoneNothing) {
  pkg::testing::TestDatabase database(*server_);
  Pool pool(testing::options_for(database.connection_string()));
  PgTransactor transactor(pool);
  std::optional<Outcome> outcome;
  const auto done = transactor.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    transaction_of(unit).on_outcome([&](Outcome what) { outcome = what; });
    transaction_of(unit).execute("create table things (name text)");
    unit.savepoint(0);
    server_->kill();
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "database_unavailable");
  EXPECT_EQ(outcome, Outcome::rolled_back);
}

}  // namespace
}  // namespace pkg::postgres
