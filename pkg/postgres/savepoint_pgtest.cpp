// Units that go on without a part of theirs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/recent_writes.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::postgres {
namespace {

using errors::ErrorKind;
using errors::Result;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Thing {
  int version = 0;
};

/// How a part of a unit fails, if it does.
enum class Fails { no, by_itself, after_a_query, by_a_write, by_a_write_that_a_later_query_shows, by_an_expectation, by_a_check };
constexpr int ways_to_fail = 7;

const RowStatement insert_row("part bigint", "insert into rows (part) select * from $given");

class Savepoints : public ::testing::Test {
 protected:
  Savepoints() {
    database_.sql(
        "create table things (name text constraint things_name primary key); create table log (n bigserial, name text);"
        "create table numbers (n bigserial, part bigint); create table rows (n bigserial, part bigint)");
  }

  static constexpr std::string_view insert = "insert into things (name) values ($1)";

  /// A unit of these parts, with a savepoint before every so many, that goes on without those that fail. Each writes a thing of its own and
  /// one to the log.
  Result<> run(const std::vector<Fails>& parts, std::size_t every) {
    std::set<std::size_t> without;
    return transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      auto& transaction = transaction_of(unit);
      if (!unit.resumes_at()) {
        unit.on_failed_part(
            [&](std::size_t part, const errors::Error&) { return gone_without_.emplace(part), without.insert(part).second; });
        transaction.execute("insert into log (name) values ('begin')");
        transaction.before_commit([&, unit = &unit] {
          ++commits_;
          transaction_of(*unit).execute("insert into log (name) values ('end')");
        });
      }
      for (std::size_t i = unit.resumes_at().value_or(0); i < parts.size(); ++i) {
        if (i % every == 0 && i != unit.resumes_at()) unit.savepoint(i);
        unit.begin_part(i, {});
        if (without.contains(i)) {
          transaction.execute(insert, {"without " + std::to_string(i)});
          continue;
        }
        ++done_;
        transaction.execute("insert into numbers (part) values ($1) returning n", {i},
                            std::move(Expect().shown([this, i](const Rows& rows) { shown_[i] = rows[0].int64(0); })));
        recent_.write(unit, i, {recent_.find(unit, i).value_or(Thing{}).version + 1});
        transaction.execute(insert_row, {i});
        transaction.after_commit([this, i] { told_.push_back(i); });
        if (auto worked = work(transaction, i, parts[i]); !worked) {
          unit.report_failed_part(i);
          return worked;
        }
      }
      return {};
    });
  }

  static Result<> work(Transaction& transaction, std::size_t i, Fails how) {
    const errors::Error no{ErrorKind::conflict, "no", "No.", {}};
    transaction.execute(insert, {"of " + std::to_string(i)});
    switch (how) {
      case Fails::no: return {};
      case Fails::by_itself: return std::unexpected(no);
      case Fails::after_a_query:
        if (const auto rows = transaction.query("select 1"); !rows) return errors::pass_on(rows);
        return std::unexpected(no);
      case Fails::by_a_write: transaction.execute("select 1 / 0"); return {};
      case Fails::by_a_write_that_a_later_query_shows:
        transaction.execute("select 1 / 0");
        if (const auto rows = transaction.query("select 1"); !rows) return errors::pass_on(rows);
        return {};
      case Fails::by_an_expectation: transaction.execute("delete from things where name = ''", {}, expect_rows(1, no)); return {};
      case Fails::by_a_check: transaction.execute("select 1", {}, [no](const Rows&) -> Result<> { return std::unexpected(no); }); return {};
    }
    return {};
  }

  std::string things() { return database_.sql("select coalesce(string_agg(name, ', ' order by name), '') from things"); }
  std::string log() { return database_.sql("select coalesce(string_agg(name, ', ' order by n), '') from log"); }
  int version(std::size_t part) {
    int found = 0;
    static_cast<void>(transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      found = recent_.find(unit, part).value_or(Thing{}).version;
      return {};
    }));
    return found;
  }

  pkg::testing::TestDatabase database_;
  Pool pool_{testing::options_for(database_.connection_string())};
  PgTransactor transactor_{pool_};
  RecentWrites<std::size_t, Thing> recent_{100};
  std::set<std::size_t> gone_without_;
  std::map<std::size_t, std::int64_t> shown_;  ///< numbers that the database gave
  std::vector<std::size_t> told_;  ///< that they are committed
  int done_ = 0;
  int commits_ = 0;
};

TEST_F(Savepoints, LetAUnitGoOnWithoutAPartHoweverItFails) {
  for (int way = 1; way < ways_to_fail; ++way) {
    database_.sql("truncate things, log");
    told_.clear();
    ASSERT_TRUE(run({Fails::no, Fails::no, Fails::no, static_cast<Fails>(way), Fails::no, Fails::no}, 2)) << way;
    EXPECT_EQ(things(), "of 0, of 1, of 2, of 4, of 5, without 3") << way;
    EXPECT_EQ(log(), "begin, end") << way;
    EXPECT_THAT(told_, ElementsAre(0, 1, 2, 4, 5)) << way;
  }
}

TEST_F(Savepoints, LeaveStandingWhatCameBefore) {
  ASSERT_TRUE(run({Fails::no, Fails::no, Fails::no, Fails::by_itself, Fails::no, Fails::no}, 2));
  EXPECT_EQ(done_, 4 + 1 + 2) << "the one before the failed one was done again, and those behind it were not done yet";
}

TEST_F(Savepoints, CostNoRoundTripsOfTheirOwn) {
  const auto before = pool_.stats().exchanges;
  ASSERT_TRUE(run({Fails::no, Fails::no, Fails::no, Fails::no}, 1));
  EXPECT_EQ(pool_.stats().exchanges - before, 1u);
  ASSERT_TRUE((database_.sql("truncate things, log"), run({Fails::no, Fails::by_a_write, Fails::no, Fails::no}, 1)));
  EXPECT_EQ(pool_.stats().exchanges - before, 3u) << "the one that fails, and the rest with the way back in front";
}

TEST_F(Savepoints, AreNotThereForAPartThatNobodyGoesOnWithout) {
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    EXPECT_FALSE(unit.resumes_at());
    unit.on_failed_part([](std::size_t, const errors::Error&) { return false; });
    unit.savepoint(0);
    unit.begin_part(0, {});
    transaction_of(unit).execute(insert, {"a"});
    transaction_of(unit).execute("select 1 / 0");
    return {};
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(things(), "");
}

TEST_F(Savepoints, BlameAPartForItsOwnErrorWhoeverMeetsIt) {
  std::vector<std::pair<std::size_t, std::string>> blamed;
  const errors::Error unknown{ErrorKind::not_found, "unknown", "Unknown.", {}};
  ASSERT_TRUE(transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    auto& transaction = transaction_of(unit);
    unit.on_failed_part([&](std::size_t part, const errors::Error& error) {
      blamed.emplace_back(part, error.code);
      return true;
    });
    const auto goes_without = [&](std::size_t part) {
      return std::ranges::any_of(blamed, [=](const auto& each) { return each.first == part; });
    };
    for (std::size_t part = unit.resumes_at().value_or(0); part < 3; ++part) {
      if (part == 0 && !unit.resumes_at()) unit.savepoint(0);
      unit.begin_part(part, {});
      if (goes_without(part)) continue;
      if (part == 0) transaction.execute("delete from things where name = 'a'", {}, expect_rows(1, unknown));
      if (part == 1) static_cast<void>(transaction.query("select 1"));  // makes nothing of it that it fails
      if (part == 2) {
        unit.report_failed_part(2);
        return errors::fail(ErrorKind::malformed, "malformed", {});
      }
    }
    return {};
  }));
  EXPECT_THAT(blamed, ElementsAre(std::pair(0, "unknown"), std::pair(2, "malformed")));
}

TEST_F(Savepoints, LeadBackThoughAConnectionHasStatementsToForget) {
  auto options = testing::options_for(database_.connection_string(), 1);
  options.connection.prepared_statements = 2;
  Pool pool(options);
  PgTransactor transactor(pool);
  bool failed = false;
  const auto done = transactor.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    unit.on_failed_part([&](std::size_t, const errors::Error&) { return !std::exchange(failed, true); });
    if (!unit.resumes_at()) unit.savepoint(0);
    for (int i = 0; i < 10; ++i) transaction_of(unit).execute("insert into things (name) values ('" + std::to_string(i) + "')");
    unit.begin_part(0, {});
    if (!failed) transaction_of(unit).execute("select 1 / 0");
    return {};
  });
  EXPECT_TRUE(done) << done.error().code;
  EXPECT_EQ(things(), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9");
}

TEST_F(Savepoints, AreNoHelpWhereTheSessionIsLost) {
  int runs = 0;
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    ++runs;
    unit.on_failed_part([](std::size_t, const errors::Error&) { return true; });
    unit.savepoint(0);
    unit.begin_part(0, {});
    if (auto rows = transaction_of(unit).query("select 1"); !rows) return errors::pass_on(rows);
    database_.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    unit.report_failed_part(0);
    return errors::fail(ErrorKind::rejected, "no", {});
  });
  EXPECT_FALSE(done);
  EXPECT_LE(runs, 2) << "at the second run at the latest it is known";
  EXPECT_EQ(things(), "");
}

TEST_F(Savepoints, LetTheServerBeginWhileMoreIsMade) {
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    transaction_of(unit).execute(insert, {"a"});
    unit.savepoint(0);
    pkg::testing::wait_until(
        [&] {
          return database_.sql("select count(*) from pg_stat_activity where datname = current_database() and backend_xid is not null") ==
                 "1";
        },
        "the server to write what came before the savepoint");
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(things(), "a");
}

TEST_F(Savepoints, LeaveWhatIsLargeForLater) {
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    transaction_of(unit).execute("insert into log (name) values ($1)", {std::string(3'000'000, 'x')});
    unit.savepoint(0);
    EXPECT_EQ(pool_.stats().open, 0u) << "half of it would stand in the socket, with the statement's time running";
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(database_.sql("select sum(length(name)) from log"), "3000000");
}

TEST_F(Savepoints, LeaveNothingOfAUnitThatFailsWhileTheServerIsAtWork) {
  for (const char* statement : {"insert into things (name) values ('a')", "select 1 / 0"}) {
    const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      transaction_of(unit).execute(statement);
      unit.savepoint(0);
      return errors::fail(ErrorKind::rejected, "no", {});
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "no");
    EXPECT_EQ(things(), "");
  }
  EXPECT_TRUE(run({Fails::no, Fails::no}, 1));
  EXPECT_EQ(pool_.stats().opened, 1u) << "its connection is as good as before";
}

TEST_F(Savepoints, AreNoHelpWhereTheSessionIsLostWithStatementsUnderWay) {
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    unit.on_failed_part([](std::size_t, const errors::Error&) { return true; });
    unit.savepoint(0);
    unit.begin_part(0, {});
    transaction_of(unit).execute(insert, {"a"});
    unit.savepoint(1);
    transaction_of(unit).execute("select pg_terminate_backend(pg_backend_pid())");
    unit.savepoint(2);
    unit.report_failed_part(2);
    return errors::fail(ErrorKind::rejected, "no", {});
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(things(), "");
  EXPECT_TRUE(run({Fails::no}, 1));
}

TEST_F(Savepoints, TakeBackWhatIsRememberedOfRecentWrites) {
  ASSERT_TRUE(run({Fails::no, Fails::no}, 1));
  database_.sql("truncate things, log");
  ASSERT_TRUE(run({Fails::by_a_write, Fails::no}, 2));
  EXPECT_EQ(version(0), 0) << "the failed one's is forgotten";
  EXPECT_TRUE(recent_.is_in_doubt(0));
  EXPECT_EQ(version(1), 2) << "was done twice, written once";
  EXPECT_FALSE(recent_.is_in_doubt(1));
}

// Whatever fails, and wherever savepoints stand: what is there in the end is that of the others, once.
TEST_F(Savepoints, NeverLeaveHalfAPartBehind) {
  std::mt19937 random(20'261'127);
  for (int round = 0; round < 40; ++round) {
    database_.sql("truncate things, log, numbers, rows");
    told_.clear();
    shown_.clear();
    gone_without_.clear();
    commits_ = 0;
    std::vector<Fails> parts(1 + random() % 20, Fails::no);
    for (auto& part : parts) {
      if (random() % 4 == 0) part = static_cast<Fails>(random() % ways_to_fail);
    }
    const std::size_t every = 1 + random() % 5;
    std::string ways;
    for (const auto part : parts) ways += std::to_string(static_cast<int>(part));
    SCOPED_TRACE(::testing::Message() << "round " << round << ", savepoint every " << every << " of " << ways);
    std::vector<int> before(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) before[i] = version(i);
    ASSERT_TRUE(run(parts, every));
    std::set<std::string> expected;
    std::vector<std::size_t> told;
    std::string rows;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool is_well = parts[i] == Fails::no;
      expected.insert((is_well ? "of " : "without ") + std::to_string(i));
      EXPECT_EQ(gone_without_.contains(i), !is_well);
      EXPECT_EQ(version(i), is_well ? before[i] + 1 : 0);
      if (!is_well) continue;
      told.push_back(i);
      rows += (rows.empty() ? "" : " ") + std::to_string(i);
      EXPECT_EQ(database_.sql("select n from numbers where part = " + std::to_string(i)), std::to_string(shown_[i]));
    }
    std::string all;
    for (const auto& name : expected) all += (all.empty() ? "" : ", ") + name;
    EXPECT_EQ(database_.sql("select coalesce(string_agg(name, ', ' order by name collate \"C\"), '') from things"), all);
    EXPECT_EQ(log(), "begin, end");
    EXPECT_EQ(database_.sql("select coalesce(string_agg(part::text, ' ' order by n), '') from rows"), rows);
    EXPECT_EQ(told_, told);
    EXPECT_GE(commits_, 1);
  }
}

}  // namespace
}  // namespace pkg::postgres
