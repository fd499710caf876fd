// Units that are committed together, on a real server.

#include <gtest/gtest.h>

#include <latch>
#include <mutex>
#include <thread>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

using namespace std::chrono_literals;
using errors::ErrorKind;
using errors::Result;

constexpr std::string_view insert = "insert into things (name) values ($1)";
const RowStatement insert_row("name text", "insert into rows (name) select * from $given");
const RowStatement number_row("name text, which bigint",
                              "insert into numbers (name) select name from $given order by given.place returning n, name",
                              RowStatement::SameFirst::together);
const errors::Error taken{ErrorKind::conflict, "name_taken", "Taken.", {}};
const errors::Error row_taken{ErrorKind::conflict, "row_taken", "Taken.", {}};

PoolOptions options_with(const std::string& connection_string, std::chrono::milliseconds patience) {
  auto options = testing::options_for(connection_string, 8);
  options.together.patience = patience;
  return options;
}

class TogetherTest : public ::testing::Test {
 protected:
  explicit TogetherTest(std::chrono::milliseconds patience = 30s) : pool_(options_with(database_.connection_string(), patience)) {
    database_.sql(
        "create table things (name text constraint things_name primary key, size bigint not null default 0);"
        "create function die() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); perform "
        "pg_sleep(10); return null; end';"
        "create trigger dies after insert on things for each row when (new.name = 'die') execute function die();"
        "create constraint trigger dies_late after insert on things deferrable initially deferred for each row "
        "when (new.name = 'die at commit') execute function die();"
        "insert into things values ('locked');"
        "create table rows (name text constraint rows_name primary key);"
        "create table numbers (n bigint generated always as identity, name text);"
        "create table log (what text);"
        "create function note() returns trigger language plpgsql as 'begin insert into log values (tg_table_name); return null; end';"
        "create trigger notes after insert on rows for each statement execute function note()");
  }
  ~TogetherTest() override { join(); }

  void start(std::string name) {
    const std::scoped_lock lock(mutex_);
    threads_.emplace_back([this, name = std::move(name)] {
      const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
        auto& transaction = transaction_of(unit);
        transaction.on_outcome([this, name](Outcome outcome) {
          const std::scoped_lock lock(mutex_);
          outcomes_[name] = outcome;
        });
        for (int which = 0; which < 3; ++which) {
          transaction.execute(number_row, {name, which}, Expect().shown([this, name](const Rows& rows) {
            const std::scoped_lock lock(mutex_);
            EXPECT_EQ(rows.size(), 1u);
            EXPECT_EQ(rows[0].text(1), name);
            numbers_[name].push_back(rows[0].int64(0));
          }));
        }
        if (name == "locked") {
          transaction.execute("update things set size = size + 1 where name = $1", {name}, expect_rows(1, taken));
        } else {
          for (const char* which : {" 1", " 2"}) transaction.execute(insert_row, {name + which}, on_violation("rows_name", row_taken));
          transaction.execute(insert, {name}, on_violation("things_name", taken));
        }
        transaction.execute("select $1 || '!'", {name}, Expect().shown([this, name](const Rows& rows) {
          const std::scoped_lock lock(mutex_);
          shown_[name] = rows[0].text(0);
        }));
        return {};
      });
      const std::scoped_lock lock(mutex_);
      codes_[name] = done ? "" : done.error().code;
    });
  }
  void join() {
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  /// Holds the row, so that the commit that wants it is under way until it is let go.
  class Lock {
   public:
    explicit Lock(TogetherTest& test)
        : unit_([this, &test] {
            (void)test.other_transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
              EXPECT_TRUE(transaction_of(unit).query("select from things where name = 'locked' for update"));
              held_.count_down();
              let_go_.wait();
              return {};
            });
          }) {
      held_.wait();
    }
    ~Lock() { let_go(); }
    void let_go() {
      if (!unit_.joinable()) return;
      let_go_.count_down();
      unit_.join();
    }

   private:
    std::latch held_{1}, let_go_{1};
    std::thread unit_;
  };

  /// A commit to be under way: what its backend waits for is seen.
  void await(const std::string& what) {
    pkg::testing::wait_until(
        [&] { return database_.sql("select count(*) from pg_stat_activity where datname = current_database() and " + what) != "0"; },
        "a commit to be under way");
  }
  void await_blocked() { await("wait_event_type = 'Lock'"); }
  void await_waiting(std::size_t count) {
    pkg::testing::wait_until([&] { return pool_.groups().figures().waiting == count; }, "the others to gather");
  }
  /// Names of which the first is under way while the others come.
  void run_together(const std::vector<std::string>& names) {
    Lock lock(*this);
    start("locked");
    await_blocked();
    for (const auto& name : names) start(name);
    await_waiting(names.size());
    lock.let_go();
    join();
  }
  static std::string joined(const std::vector<std::int64_t>& numbers) {
    std::string text;
    for (const auto number : numbers) text += (text.empty() ? "" : " ") + std::to_string(number);
    return text;
  }
  std::string there() { return database_.sql("select string_agg(name, ' ' order by name) from things"); }

  pkg::testing::TestDatabase database_;
  Pool pool_;
  PgTransactor transactor_{pool_};
  Pool other_pool_{testing::options_for(database_.connection_string())};
  PgTransactor other_transactor_{other_pool_};
  std::mutex mutex_;
  std::map<std::string, std::string> codes_, shown_;
  std::map<std::string, Outcome> outcomes_;
  std::map<std::string, std::vector<std::int64_t>> numbers_;
  std::vector<std::thread> threads_;
};

TEST_F(TogetherTest, WhatComesWhileACommitIsUnderWayIsOneTransaction) {
  run_together({"a", "b", "c", "d", "e", "f"});
  EXPECT_EQ(there(), "a b c d e f locked");
  EXPECT_EQ(database_.sql("select count(distinct xmin::text) from things where name <> 'locked'"), "1") << "transactions";
  EXPECT_EQ(pool_.stats().groups, 1u);
  EXPECT_EQ(pool_.stats().together, 6u);
  for (const auto& name : {"a", "b", "c", "d", "e", "f"}) {
    EXPECT_EQ(codes_[name], "");
    EXPECT_EQ(shown_[name], std::string(name) + "!") << "its own result";
    EXPECT_EQ(outcomes_[name], Outcome::committed);
  }
}

TEST_F(TogetherTest, RowsOfAllOfThemAreOneStatement) {
  run_together({"a", "b", "c"});
  EXPECT_EQ(database_.sql("select string_agg(name, ',' order by name) from rows"), "a 1,a 2,b 1,b 2,c 1,c 2");
  EXPECT_EQ(database_.sql("select count(*) from log"), "1");
  for (const auto& name : {"a", "b", "c"}) EXPECT_EQ(shown_[name], std::string(name) + "!") << "its own result";
}

TEST_F(TogetherTest, EachUnitIsShownWhatItsRowsGaveBackInTheirOrder) {
  run_together({"a", "b", "c"});
  for (const auto& name : {"a", "b", "c", "locked"}) {
    EXPECT_EQ(database_.sql("select string_agg(n::text, ' ' order by n) from numbers where name = '" + std::string(name) + "'"),
              joined(numbers_[name]));
  }
}

TEST_F(TogetherTest, ARowThatFailsIsItsOwnUnitsAlone) {
  database_.sql("insert into rows values ('b 2'); truncate log");
  run_together({"a", "b", "c"});
  EXPECT_EQ(codes_, (std::map<std::string, std::string>{{"a", ""}, {"b", "row_taken"}, {"c", ""}, {"locked", ""}}));
  EXPECT_EQ(there(), "a c locked");
  EXPECT_EQ(database_.sql("select string_agg(name, ',' order by name) from rows"), "a 1,a 2,b 2,c 1,c 2");
}

TEST_F(TogetherTest, OneThatFailsHarmsNoOther) {
  database_.sql("insert into things values ('c')");
  run_together({"a", "b", "c", "d"});
  EXPECT_EQ(there(), "a b c d locked");
  EXPECT_EQ(codes_, (std::map<std::string, std::string>{{"a", ""}, {"b", ""}, {"c", "name_taken"}, {"d", ""}, {"locked", ""}}));
  EXPECT_EQ(outcomes_["c"], Outcome::rolled_back);
  EXPECT_EQ(outcomes_["d"], Outcome::committed);
  EXPECT_EQ(pool_.stats().groups, 0u);
}

TEST_F(TogetherTest, ABackendThatDiesBeforeTheCommitTakesNobodyWithIt) {
  run_together({"a", "b", "die", "d"});
  EXPECT_EQ(there(), "a b d locked");
  EXPECT_EQ(outcomes_["die"], Outcome::rolled_back);
  EXPECT_EQ(codes_["d"], "");
}

TEST_F(TogetherTest, ABackendThatDiesAtTheCommitLeavesItOpenForAll) {
  run_together({"a", "die at commit", "c"});
  for (const auto& name : {"a", "die at commit", "c"}) {
    EXPECT_EQ(codes_[name], "commit_outcome_unknown");
    EXPECT_EQ(outcomes_[name], Outcome::unknown);
  }
}

TEST_F(TogetherTest, AUnitInsideAnotherWaitsForNoCommit) {
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    if (auto held = transaction_of(unit).query("select from things where name = 'locked' for update"); !held) return errors::pass_on(held);
    start("locked");
    await_blocked();
    return transactor_.run({}, [&](uow::UnitOfWork& inner) -> Result<> {
      transaction_of(inner).execute(insert, {"inner"});
      return {};
    });
  });
  EXPECT_TRUE(done);
  join();
  EXPECT_EQ(there(), "inner locked");
}

class ImpatientTest : public TogetherTest {
 protected:
  ImpatientTest() : TogetherTest(500ms) {}
};

TEST_F(ImpatientTest, ARowThatIsLockedHoldsUpNobodyElse) {
  const Lock lock(*this);
  start("locked");
  await_blocked();
  for (const auto& name : {"a", "b", "c"}) start(name);
  pkg::testing::wait_until([&] { return there() == "a b c locked"; }, "the others to be committed while the row is still locked");
}

TEST_F(ImpatientTest, NeitherDoesOneThatWentAlong) {
  database_.sql(
      "create function nap() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return null; end';"
      "create trigger naps after insert on things for each row when (new.name = 'slow') execute function nap()");
  const Lock lock(*this);
  start("slow");
  await("wait_event = 'PgSleep'");
  for (const auto& name : {"locked", "a", "b"}) start(name);
  await("wait_event_type = 'Lock'");
  pkg::testing::wait_until([&] { return there() == "a b locked slow"; }, "the others to be committed while the row is still locked");
  EXPECT_EQ(pool_.groups().figures().undone, 1u);
}

}  // namespace
}  // namespace pkg::postgres
