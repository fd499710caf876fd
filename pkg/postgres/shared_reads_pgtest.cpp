// Questions that share a round trip, on a real server.

#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

using namespace std::chrono_literals;
using errors::Result;

class SharedReadsTest : public ::testing::Test {
 protected:
  explicit SharedReadsTest(std::chrono::milliseconds patience = 30s) : pool_(options_with(database_.connection_string(), patience)) {
    database_.sql(
        "create table things (name text primary key, size bigint not null);"
        "insert into things values ('one', 1), ('two', 2);"
        "create table locked (what text);"
        "create table asked (what text);"
        "create function note(what text) returns text language plpgsql as 'begin insert into asked values (what); return what; end'");
  }
  ~SharedReadsTest() override { join(); }

  static PoolOptions options_with(const std::string& connection_string, std::chrono::milliseconds patience) {
    auto options = testing::options_for(connection_string, 8);
    options.shared_reads = {.most = 16, .at_once = 1, .patience = patience};
    return options;
  }

  /// Asks on a thread of its own; what came of it is under `name` when that has ended.
  void ask(const std::string& name, std::string sql, Params params = {}) {
    threads_.emplace_back([this, name, sql = std::move(sql), params = std::move(params)] {
      std::string came;
      (void)transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
        const auto rows = transaction_of(unit).query(sql, params);
        came = !rows ? "failed" : rows->empty() ? "nothing" : std::string((*rows)[0].text(0));
        return {};
      });
      const std::scoped_lock lock(mutex_);
      answers_[name] = came;
    });
  }
  /// One that is under way until let_go().
  void hold() {
    holder_.emplace([this](const std::stop_token&) {
      (void)other_transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
        auto& transaction = transaction_of(unit);
        transaction.begin();
        EXPECT_TRUE(transaction.query("lock table locked"));
        held_.release();
        let_go_.acquire();
        return {};
      });
    });
    held_.acquire();
    ask("held", "select count(*)::text from locked");
    pkg::testing::wait_until(
        [&] {
          return database_.sql("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") ==
                 "1";
        },
        "the first question to be under way");
  }
  void let_go() {
    if (!holder_) return;
    let_go_.release();
    holder_.reset();
  }
  void await_waiting(std::size_t count) {
    pkg::testing::wait_until([&] { return pool_.reads().figures().waiting == count; }, "the others to gather");
  }
  void go_together(std::size_t count) {
    await_waiting(count);
    let_go();
    join();
  }
  void join() {
    let_go();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }
  std::map<std::string, std::string> answers() {
    const std::scoped_lock lock(mutex_);
    auto all = answers_;
    all.erase("held");
    return all;
  }

  using Answers = std::map<std::string, std::string>;

  pkg::testing::TestDatabase database_;
  Pool pool_;
  PgTransactor transactor_{pool_};
  Pool other_pool_{testing::options_for(database_.connection_string())};
  PgTransactor other_transactor_{other_pool_};
  std::counting_semaphore<> held_{0}, let_go_{0};
  std::mutex mutex_;
  Answers answers_;
  std::vector<std::thread> threads_;
  std::optional<std::jthread> holder_;
};

const std::string by_name = "select size::text from things where name = $1";

TEST_F(SharedReadsTest, WhatComesWhileOneIsUnderWayIsOneRoundTrip) {
  hold();
  ask("a", by_name, {"one"});
  ask("b", by_name, {"two"});
  ask("c", by_name, {"three"});
  ask("d", "select 'else'");
  await_waiting(4);
  const auto before = pool_.stats().exchanges;
  go_together(4);
  EXPECT_EQ(answers(), (Answers{{"a", "1"}, {"b", "2"}, {"c", "nothing"}, {"d", "else"}}));
  EXPECT_EQ(pool_.stats().exchanges - before, 1u);
  EXPECT_EQ(pool_.stats().shared_reads, 4u);
}

TEST_F(SharedReadsTest, TheSameIsAskedOnce) {
  hold();
  for (const auto& name : {"a", "b", "c"}) ask(name, "select note($1)", {"same"});
  ask("d", "select note($1)", {"other"});
  go_together(4);
  EXPECT_EQ(answers(), (Answers{{"a", "same"}, {"b", "same"}, {"c", "same"}, {"d", "other"}}));
  EXPECT_EQ(database_.sql("select string_agg(what, ' ' order by what) from asked"), "other same");
}

TEST_F(SharedReadsTest, OneThatFailsHarmsNoOther) {
  hold();
  ask("a", by_name, {"one"});
  ask("b", "select (1 / $1)::text", {0});
  ask("c", by_name, {"two"});
  go_together(3);
  EXPECT_EQ(answers(), (Answers{{"a", "1"}, {"b", "failed"}, {"c", "2"}}));
  EXPECT_EQ(pool_.reads().figures().undone, 1u);
}

TEST_F(SharedReadsTest, ABackendThatDiesTakesNobodyWithIt) {
  hold();
  ask("a", by_name, {"one"});
  ask("b", "select pg_terminate_backend(pg_backend_pid())::text");
  ask("c", by_name, {"two"});
  go_together(3);
  EXPECT_EQ(answers(), (Answers{{"a", "1"}, {"b", "failed"}, {"c", "2"}}));
}

TEST_F(SharedReadsTest, AUnitSeesItsOwnWritesAndNobodyElseDoes) {
  hold();
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    auto& transaction = transaction_of(unit);
    transaction.execute("insert into things values ('three', 3)");
    const auto own = transaction.query(by_name, {"three"});  // while a question is under way, and not after it
    EXPECT_TRUE(own && own->size() == 1);
    ask("a", by_name, {"three"});
    ask("b", by_name, {"one"});
    go_together(2);
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(answers(), (Answers{{"a", "nothing"}, {"b", "1"}}));
}

class ImpatientReadsTest : public SharedReadsTest {
 protected:
  ImpatientReadsTest() : SharedReadsTest(100ms) {}
};

TEST_F(ImpatientReadsTest, ASlowOneHoldsUpNobodyElse) {
  hold();
  for (const auto& name : {"a", "b", "c"}) ask(name, by_name, {"two"});
  pkg::testing::wait_until([&] { return answers().size() == 3; }, "the others to be answered while the first is not");
  EXPECT_EQ(answers(), (Answers{{"a", "2"}, {"b", "2"}, {"c", "2"}}));
}

}  // namespace
}  // namespace pkg::postgres
