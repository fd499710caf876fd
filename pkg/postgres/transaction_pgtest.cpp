#include <gtest/gtest.h>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::postgres {
namespace {

using errors::ErrorKind;
using errors::Result;

class Transactions : public ::testing::Test {
 protected:
  Transactions() {
    database_.sql("create table things (name text constraint things_name primary key, size bigint not null default 0 check (size >= 0))");
  }

  Result<> run(const std::function<Result<>(Transaction&)>& work) {
    return transactor_.run({}, [&](uow::UnitOfWork& unit) { return work(transaction_of(unit)); });
  }
  std::string count() { return database_.sql("select count(*) from things"); }
  std::uint64_t exchanges() { return pool_.stats().exchanges; }

  pkg::testing::TestDatabase database_;
  Pool pool_{testing::options_for(database_.connection_string())};
  PgTransactor transactor_{pool_};
};

constexpr std::string_view insert = "insert into things (name) values ($1)";

TEST_F(Transactions, CommitWhatWasQueuedInOneRoundTrip) {
  const auto before = exchanges();
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    for (int i = 0; i < 100; ++i) t.execute(insert, {"thing " + std::to_string(i)});
    return {};
  }));
  EXPECT_EQ(exchanges() - before, 1u);
  EXPECT_EQ(count(), "100");
}

TEST_F(Transactions, CarryMoreThanTheSocketBuffersHold) {
  const std::string big(200'000, 'x');
  ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
    for (int i = 0; i < 50; ++i)
      t.execute("insert into things (name) select $1 || left($2, 10) from (select pg_sleep(0)) s", {std::to_string(i), big});
    auto rows = t.query("select $1 from generate_series(1, 50)", {big});
    if (!rows) return errors::pass_on(rows);
    EXPECT_EQ(rows->size(), 50u);
    return {};
  }));
  EXPECT_EQ(count(), "50");
}

TEST_F(Transactions, SeeTheirOwnWrites) {
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    auto rows = t.query("select name from things");
    if (!rows) return errors::pass_on(rows);
    EXPECT_EQ(rows->size(), 1u);
    return {};
  }));
}

TEST_F(Transactions, UndoEverythingWhenTheWorkFails) {
  const auto done = run([](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    if (auto rows = t.query("select 1"); !rows) return errors::pass_on(rows);
    return errors::fail(ErrorKind::rejected, "no", "No.");
  });
  EXPECT_EQ(done.error().code, "no");
  EXPECT_EQ(count(), "0");
}

TEST_F(Transactions, SayWhichPartFailed) {
  const auto failed_part = [&](const std::function<void(uow::UnitOfWork&, Transaction&)>& work) {
    std::optional<std::size_t> failed;
    const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      unit.on_failed_part([&](std::size_t part, const errors::Error&) {
        failed = part;
        return false;
      });
      transaction_of(unit).execute(insert, {"before any part"});
      for (std::size_t part = 0; part < 3; ++part) {
        unit.begin_part(part, {});
        transaction_of(unit).execute(insert, {"of " + std::to_string(part)});
        if (part == 1) work(unit, transaction_of(unit));
      }
      return {};
    });
    EXPECT_FALSE(done);
    return failed;
  };
  EXPECT_EQ(failed_part([](auto&, Transaction& t) { t.execute("select 1 / 0"); }), 1u) << "found at the commit";
  EXPECT_EQ(failed_part([](auto&, Transaction& t) { t.execute(insert, {"of 0"}); }), 1u);
  EXPECT_EQ(failed_part([](auto&, Transaction& t) { static_cast<void>(t.query("select 1 / 0")); }), 1u) << "found on the way";
  EXPECT_EQ(failed_part([](uow::UnitOfWork& unit, Transaction& t) {
              t.execute("select 1 / 0");
              unit.begin_part(2, {});
              static_cast<void>(t.query("select 1"));
            }),
            1u)
      << "by a later one's query";
  EXPECT_EQ(failed_part([](uow::UnitOfWork& unit, Transaction& t) {
              unit.end_parts();
              t.execute("select 1 / 0");
              unit.begin_part(2, {});
              static_cast<void>(t.query("select 1"));
              unit.report_failed_part(2);
            }),
            std::nullopt)
      << "what belongs to no part is no part's fault, whoever meets it";
  const errors::Error none{ErrorKind::conflict, "none", "None.", {}};
  EXPECT_EQ(failed_part([&](auto&, Transaction& t) { t.execute("delete from things where name = ''", {}, expect_rows(1, none)); }), 1u)
      << "by an expectation";
  EXPECT_EQ(failed_part([](auto&, Transaction& t) { t.before_commit([&t] { t.execute("select 1 / 0"); }); }), std::nullopt)
      << "of all together";
  database_.sql("create table later (name text references things deferrable initially deferred)");
  EXPECT_EQ(failed_part([](auto&, Transaction& t) { t.execute("insert into later values ('nothing')"); }), std::nullopt)
      << "at COMMIT itself";
}

TEST_F(Transactions, ThatOnlyReadNeedNeitherBeginNorCommit) {
  const auto before = exchanges();
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    auto rows = t.query("select 1");
    return rows ? Result<>() : errors::pass_on(rows);
  }));
  EXPECT_EQ(exchanges() - before, 1u);
}

TEST_F(Transactions, GoOnAfterAQuestionThatFailedBeforeTheyBegan) {
  for (const char* question : {"select 1 / 0", "select 1"}) {
    SCOPED_TRACE(question);
    std::string shown;
    database_.sql("truncate things");
    ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
      EXPECT_FALSE(t.query(question, {}, [](const Rows&) -> Result<> { return errors::fail(ErrorKind::conflict, "no", "No."); }));
      t.execute("insert into things (name) values ('a') returning name", {},
                std::move(Expect().shown([&](const Rows& rows) { shown = rows[0].text(0); })));
      return {};
    }));
    EXPECT_EQ(shown, "a");
    EXPECT_EQ(count(), "1");
  }
}

TEST_F(Transactions, ThatDoNothingCostNothing) {
  ASSERT_TRUE(run([](Transaction&) -> Result<> { return {}; }));
  EXPECT_EQ(exchanges(), 0u);
  EXPECT_EQ(pool_.stats().open, 0u);
}

TEST_F(Transactions, BeginWithAQueryThatWritesOrLocks) {
  for (const std::string sql :
       {"insert into things (name) values ('a') returning name",
        "with w as (insert into things (name) values ('a') returning 1) select * from w", "select name from things for update"}) {
    const auto done = run([&](Transaction& t) -> Result<> {
      auto rows = t.query(sql);
      if (!rows) return errors::pass_on(rows);
      auto inside = t.query("select now() = statement_timestamp()");
      if (!inside) return errors::pass_on(inside);
      EXPECT_FALSE((*inside)[0].boolean(0)) << sql;
      return errors::fail(ErrorKind::rejected, "no", "No.");
    });
    EXPECT_EQ(done.error().code, "no");
    EXPECT_EQ(count(), "0") << sql;
  }
}

TEST_F(Transactions, TellAnExpectedViolationByItsOwnError) {
  database_.sql("insert into things values ('a')");
  const errors::Error taken{ErrorKind::conflict, "name_taken", "There is one of that name.", "name"};
  const auto before = exchanges();
  const auto done = run([&](Transaction& t) -> Result<> {
    t.execute(insert, {"b"});
    t.execute(insert, {"a"}, on_violation("things_name", taken));
    return {};
  });
  EXPECT_EQ(done.error(), taken);
  EXPECT_EQ(count(), "1");
  EXPECT_EQ(exchanges() - before, 2u) << "one for everything, one to roll back";
}

TEST_F(Transactions, TellAnUnexpectedViolationAsInternalAndLogIt) {
  database_.sql("insert into things values ('a')");
  auto options = testing::options_for(database_.connection_string());
  std::string logged;
  options.log = [&](const Fault& fault, std::string_view sql) { logged = fault.sqlstate + " " + std::string(sql); };
  Pool pool(options);
  const auto done = PgTransactor(pool).run({}, [](uow::UnitOfWork& unit) -> Result<> {
    transaction_of(unit).execute(insert, {"a"}, on_violation("another", contended()));
    return {};
  });
  EXPECT_EQ(done.error().kind, ErrorKind::internal);
  EXPECT_EQ(done.error().code, "database_error");
  EXPECT_EQ(done.error().detail.find("things"), std::string::npos);
  EXPECT_EQ(logged, "23505 " + std::string(insert));
}

TEST_F(Transactions, AreRunAgainWhereAViolationMeansContended) {
  database_.sql("insert into things values ('0')");
  int attempts = 0;
  ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
    t.execute(insert, {std::to_string(attempts++)}, on_violation("things_name", contended()));
    return {};
  }));
  EXPECT_EQ(attempts, 2);
  EXPECT_EQ(count(), "2");
}

TEST_F(Transactions, GiveUpAfterAllAttemptsWereContended) {
  int attempts = 0;
  const auto done = run([&](Transaction&) -> Result<> {
    ++attempts;
    return std::unexpected(contended());
  });
  EXPECT_EQ(done.error().kind, ErrorKind::contended);
  EXPECT_EQ(attempts, uow::Transactor::max_attempts);
}

TEST_F(Transactions, FailOnTheServerWhereAStatementTouchesOtherThanTheExpectedRows) {
  database_.sql("insert into things values ('a', 1), ('b', 1)");
  const errors::Error stale{ErrorKind::stale, "stale", "Another version.", {}};
  const auto grow = [&](std::int64_t expected_size, std::uint64_t expected_rows) {
    return run([&](Transaction& t) -> Result<> {
      t.execute("update things set size = size + 1 where size = $1", {expected_size}, expect_rows(expected_rows, stale));
      return {};
    });
  };
  const auto before = exchanges();
  EXPECT_TRUE(grow(1, 2));
  EXPECT_EQ(exchanges() - before, 1u) << "the expectation costs no round trip";
  EXPECT_EQ(grow(1, 1).error(), stale) << "none";
  EXPECT_EQ(grow(2, 1).error(), stale) << "too many";
  EXPECT_EQ(database_.sql("select sum(size) from things"), "4");
}

TEST_F(Transactions, AreUndoneByACheckThatComesWithTheCommit) {
  const auto done = run([](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    t.execute("update things set size = 1 where name = 'nobody'", {}, [](const Rows& rows) -> Result<> {
      return rows.affected() == 1 ? Result<>() : errors::fail(ErrorKind::not_found, "nobody", "Nobody.");
    });
    return {};
  });
  EXPECT_EQ(done.error().code, "nobody");
  EXPECT_EQ(count(), "0");
}

const errors::Error away{ErrorKind::unavailable, "bank_away", "The bank is away.", {}};

TEST(DeferredErrors, ThatWouldSayThatTheDatabaseIsAwayStopTheProcessBeforeAnythingIsSent) {
  EXPECT_DEATH(expect_rows(1, away), "never `unavailable`: bank_away");
  EXPECT_DEATH(on_violation("things_name", away), "never `unavailable`: bank_away");
  for (const auto kind : {ErrorKind::malformed, ErrorKind::unauthenticated, ErrorKind::forbidden, ErrorKind::not_found, ErrorKind::conflict,
                          ErrorKind::stale, ErrorKind::rejected, ErrorKind::too_many, ErrorKind::contended, ErrorKind::internal}) {
    EXPECT_EQ(expect_rows(1, {kind, "code", "Detail.", {}}).row_count()->otherwise.kind, kind);
  }
}

TEST_F(Transactions, TellWhatACheckGivesAsUnavailableAsInternal) {
  const auto check = [](const Rows&) -> Result<> { return std::unexpected(away); };
  const auto at_commit = run([&](Transaction& t) -> Result<> {
    t.execute(insert, {"a"}, check);
    return {};
  });
  const auto before = run([&](Transaction& t) -> Result<> {
    t.execute(insert, {"b"}, check);
    if (auto rows = t.query("select 1"); !rows) return errors::pass_on(rows);
    return {};
  });
  for (const auto& done : {at_commit, before}) {
    EXPECT_EQ(done.error().kind, ErrorKind::internal);
    EXPECT_EQ(done.error().code, "bank_away");
  }
  EXPECT_EQ(count(), "0");
}

TEST_F(Transactions, ShowAResultThatComesWithTheCommitWithoutWaitingForIt) {
  const auto before = exchanges();
  std::string told;
  ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
    t.on_outcome([&](Outcome outcome) { told += outcome == Outcome::committed ? " committed" : " not committed"; });
    t.execute("insert into things (name) values ('a'), ('b') returning name", {},
              std::move(Expect().shown([&](const Rows& rows) { told = rows[1].text(0); })));
    return {};
  }));
  EXPECT_EQ(told, "b committed");
  EXPECT_EQ(exchanges() - before, 1u);
}

TEST_F(Transactions, StayFailedThoughTheWorkLooksAway) {
  const auto done = run([](Transaction& t) -> Result<> {
    t.execute(insert, {"a"});
    EXPECT_FALSE(t.query("select 1 / 0"));
    EXPECT_FALSE(t.query("select 1"));
    return {};
  });
  EXPECT_EQ(done.error().kind, ErrorKind::internal);
  EXPECT_EQ(count(), "0");
}

TEST_F(Transactions, TellADeferredViolationAtTheCommit) {
  database_.sql("create table pairs (n bigint, constraint pairs_n unique (n) deferrable initially deferred)");
  const auto done = run([](Transaction& t) -> Result<> {
    for (int i = 0; i < 2; ++i)
      t.execute("insert into pairs values (1)", {}, on_violation("pairs_n", {ErrorKind::conflict, "taken", "Taken.", {}}));
    return {};
  });
  EXPECT_EQ(done.error().code, "taken");
  EXPECT_EQ(database_.sql("select count(*) from pairs"), "0");
}

TEST_F(Transactions, OfRivalsAreRunAgainAfterASerializationFailure) {
  database_.sql("insert into things values ('a', 0), ('b', 0)");
  int outer = 0;
  // The second of two that read and wrote the same fails.
  ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
    t.begin();
    t.execute("set transaction isolation level serializable");
    auto sum = t.query("select sum(size)::bigint from things");
    if (!sum) return errors::pass_on(sum);
    if (++outer == 1) {
      EXPECT_TRUE(run([](Transaction& rival) -> Result<> {
        rival.execute("update things set size = size + 10 where name = 'a'");
        return {};
      }));
    }
    t.execute("update things set size = $1 where name = 'a'", {(*sum)[0].int64(0) + 1});
    return {};
  }));
  EXPECT_EQ(outer, 2);
  EXPECT_EQ(database_.sql("select size from things where name = 'a'"), "11");
}

}  // namespace
}  // namespace pkg::postgres
