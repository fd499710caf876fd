// Statements that are done for one row or for many, on a real server: how often each was executed is seen by a trigger.

#include <gtest/gtest.h>

#include <algorithm>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::postgres {
namespace {

using errors::ErrorKind;
using errors::Result;

const errors::Error taken{ErrorKind::conflict, "name_taken", "Taken.", {}};

const RowStatement insert_thing("name text, size bigint", "INSERT INTO things (name, size) SELECT name, size FROM $given");
const RowStatement grow_thing(
    "name text, size bigint",
    "UPDATE things SET size = given.size FROM $given WHERE things.name = given.name AND things.size = given.size - 1");
const RowStatement insert_part("thing text, part text", "INSERT INTO parts (thing, part) SELECT * FROM $given",
                               RowStatement::SameFirst::together);

class RowStatements : public ::testing::Test {
 protected:
  RowStatements() {
    database_.sql(
        "create table things (name text constraint things_name primary key, size bigint not null);"
        "create table parts (n bigserial, thing text not null references things, part text not null check (part <> 'bad'));"
        "create table log (n bigserial, what text);"
        "create function note() returns trigger language plpgsql as 'begin insert into log (what) values (tg_op || '' '' || tg_table_name); "
        "return null; end';"
        "create trigger notes_things after insert or update on things for each statement execute function note();"
        "create trigger notes_parts after insert on parts for each statement execute function note()");
  }

  Result<> run(const std::function<Result<>(Transaction&)>& work) {
    return transactor_.run({}, [&](uow::UnitOfWork& unit) { return work(transaction_of(unit)); });
  }
  static void grow(Transaction& t, const std::string& name, int size) { t.execute(grow_thing, {name, size}, expect_rows(1, taken)); }
  std::string executed() { return database_.sql("select string_agg(what, ', ' order by n) from log"); }
  std::string things() { return database_.sql("select string_agg(name || ' ' || size, ', ' order by name) from things"); }

  pkg::testing::TestDatabase database_;
  Pool pool_{testing::options_for(database_.connection_string())};
  PgTransactor transactor_{pool_};
};

TEST_F(RowStatements, AreExecutedOnceForAllRowsOfAUnit) {
  const auto before = pool_.stats().exchanges;
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    for (const char* name : {"a", "b", "c"}) {
      t.execute(insert_thing, {name, 1});
      for (const char* part : {"wheel", "axle"}) t.execute(insert_part, {name, part});
    }
    return {};
  }));
  EXPECT_EQ(pool_.stats().exchanges - before, 1u);
  EXPECT_EQ(executed(), "INSERT things, INSERT parts");
  EXPECT_EQ(things(), "a 1, b 1, c 1");
  EXPECT_EQ(database_.sql("select string_agg(thing || ' ' || part, ', ' order by n) from parts"),
            "a wheel, a axle, b wheel, b axle, c wheel, c axle");
}

TEST_F(RowStatements, KeepTheOrderOfWhatIsAboutTheSame) {
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.execute(insert_thing, {"a", 1});
    grow(t, "a", 2);
    t.execute(insert_thing, {"b", 1});
    grow(t, "b", 2);
    grow(t, "a", 3);
    grow(t, "b", 3);
    return {};
  }));
  EXPECT_EQ(things(), "a 3, b 3");
  EXPECT_EQ(executed(), "INSERT things, UPDATE things, UPDATE things");
}

TEST_F(RowStatements, GoBehindWhatMadeTheirThing) {
  database_.sql("insert into things values ('a', 1); truncate log");
  const auto done = run([](Transaction& t) -> Result<> {
    grow(t, "a", 2);
    t.execute(insert_thing, {"b", 1});
    grow(t, "b", 2);
    return {};
  });
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_EQ(executed(), "UPDATE things, INSERT things, UPDATE things");
  EXPECT_EQ(things(), "a 2, b 2");
}

TEST_F(RowStatements, DoNotOvertakeAnSqlTextOfTheirUnit) {
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.execute(insert_thing, {"a", 1});
    t.execute(insert_part, {"a", "wheel"});
    t.execute("insert into things (name, size) values ('b', 1)");
    t.execute(insert_part, {"b", "wheel"});
    return {};
  }));
  EXPECT_EQ(executed(), "INSERT things, INSERT parts, INSERT things, INSERT parts");
}

TEST_F(RowStatements, AreSeenByTheUnitsOwnQuestions) {
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    t.execute(insert_thing, {"a", 1});
    t.execute(insert_thing, {"b", 1});
    const auto rows = t.query("select name from things");
    if (!rows) return errors::pass_on(rows);
    EXPECT_EQ(rows->size(), 2u);
    t.execute(insert_thing, {"c", 1});
    return {};
  }));
  EXPECT_EQ(executed(), "INSERT things, INSERT things") << "what was sent takes no more rows";
}

TEST_F(RowStatements, ExpectAsManyRowsAsAllOfThemDo) {
  database_.sql("insert into things values ('a', 1), ('b', 1), ('c', 1); truncate log");
  ASSERT_TRUE(run([](Transaction& t) -> Result<> {
    for (const char* name : {"a", "b", "c"}) grow(t, name, 2);
    return {};
  }));
  EXPECT_EQ(executed(), "UPDATE things");
  const auto done = run([](Transaction& t) -> Result<> {
    grow(t, "a", 3);
    grow(t, "b", 7);
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "name_taken");
  EXPECT_EQ(things(), "a 2, b 2, c 2") << "all or nothing";
}

TEST_F(RowStatements, MayViolateWhatIsExpected) {
  for (const std::vector<std::string>& names : {std::vector<std::string>{"a"}, {"b", "a", "c"}}) {
    database_.sql("truncate things cascade; insert into things values ('a', 1)");
    const auto done = run([&](Transaction& t) -> Result<> {
      for (const auto& name : names) t.execute(insert_thing, {name, 2}, on_violation("things_name", taken));
      return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "name_taken");
    EXPECT_EQ(things(), "a 1");
  }
}

TEST_F(RowStatements, ShowEachRowWhatReturningSaysOfIt) {
  const RowStatement numbered("thing text, part text",
                              "INSERT INTO parts (thing, part) SELECT thing, part FROM $given ORDER BY given.place RETURNING n, part",
                              RowStatement::SameFirst::together);
  for (const std::vector<std::string>& parts : {std::vector<std::string>{"wheel"}, {"wheel", "axle", "door"}}) {
    database_.sql("truncate things, parts, log; insert into things values ('a', 1)");
    std::vector<std::int64_t> numbers;
    ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
      for (const auto& part : parts) {
        t.execute(numbered, {"a", part}, Expect().shown([&, part](const Rows& rows) {
          EXPECT_EQ(rows.size(), 1u);
          EXPECT_EQ(rows[0].text(1), part);
          for (const auto row : rows) numbers.push_back(row.int64(0));
        }));
      }
      return {};
    }));
    EXPECT_EQ(numbers.size(), parts.size());
    EXPECT_TRUE(std::ranges::is_sorted(numbers));
    EXPECT_EQ(executed(), "INSERT things, INSERT parts");
  }
}

TEST_F(RowStatements, BlameNobodyWhereSeveralPartsWentTogether) {
  const auto failed_part = [&](const std::vector<std::string>& parts) {
    std::optional<std::size_t> failed;
    const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      unit.on_failed_part([&](std::size_t part, const errors::Error&) {
        failed = part;
        return false;
      });
      transaction_of(unit).execute(insert_thing, {"a", 1});
      for (std::size_t i = 0; i < parts.size(); ++i) {
        unit.begin_part(i, {});
        transaction_of(unit).execute(insert_part, {"a", parts[i]});
      }
      return {};
    });
    EXPECT_FALSE(done);
    return failed;
  };
  EXPECT_EQ(failed_part({"bad"}), 0u);
  EXPECT_EQ(failed_part({"wheel", "bad"}), std::nullopt);
}

TEST_F(RowStatements, KeepPartsApartWhereOneIsLookedFor) {
  database_.sql("insert into things values ('a', 1); truncate log");
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    unit.on_failed_part([](std::size_t part, const errors::Error&) { return part == 2; });
    for (std::size_t part = unit.resumes_at().value_or(0); part < 5; ++part) {
      if (part == 1 && !unit.resumes_at()) unit.savepoint(part);
      if (part == 2 && unit.resumes_at()) continue;
      unit.begin_part(part, {});
      for (const char* name : {"wheel", "axle"}) transaction_of(unit).execute(insert_part, {"a", part == 2 ? "bad" : name});
    }
    return {};
  });
  ASSERT_TRUE(done) << done.error().code;
  EXPECT_EQ(database_.sql("select count(*) from parts"), "8");
  EXPECT_EQ(executed(), "INSERT parts, INSERT parts, INSERT parts, INSERT parts") << "each part's rows together";
}

TEST_F(RowStatements, CarryEveryTypeAndWhatIsNull) {
  database_.sql("create table every (id uuid, number bigint, yes boolean, bytes bytea, word text, at timestamptz)");
  const RowStatement insert("id uuid, number bigint, yes boolean, bytes bytea, word text, at timestamptz",
                            "INSERT INTO every SELECT * FROM $given");
  const auto id = *ids::Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057");
  const auto at = clock::from_unix_us(1'700'000'000'123'456);
  const auto add = [&](Transaction& t, bool null) {
    if (null) {
      t.execute(insert, {std::optional<ids::Uuid>(), std::optional<std::int64_t>(), std::optional<bool>(), Param::bytea(""),
                         std::optional<std::string>(), std::optional<clock::TimePoint>()});
    } else {
      t.execute(insert, {id, -5, true, Param::bytea(std::string("\0\xff", 2)), "wörd, \"{}\\", at});
    }
  };
  for (const int rows : {1, 2, 3}) {
    SCOPED_TRACE(rows);
    database_.sql("truncate every");
    ASSERT_TRUE(run([&](Transaction& t) -> Result<> {
      for (int i = 0; i < rows; ++i) add(t, i == 1);
      return {};
    }));
    EXPECT_EQ(database_.sql("select count(*) from every where id = '01890a5d-ac96-774b-bcce-b302099a8057' and number = -5 and yes "
                            "and bytes = '\\x00ff' and word = 'wörd, \"{}\\' and at = '2023-11-14 22:13:20.123456+00'"),
              std::to_string(rows == 1 ? 1 : rows - 1));
    EXPECT_EQ(database_.sql("select count(*) from every where id is null and number is null and yes is null and bytes = '' "
                            "and word is null and at is null"),
              rows == 1 ? "0" : "1");
  }
}

TEST(RowStatementDeath, TakesItsRowsFromSomewhere) {
  EXPECT_DEATH(RowStatement("name text", "INSERT INTO things SELECT 1"), "takes them from \\$given");
}

}  // namespace
}  // namespace pkg::postgres
