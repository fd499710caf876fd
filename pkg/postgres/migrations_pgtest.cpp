#include "pkg/postgres/migrations.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pkg/postgres/test_migrations.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::postgres {
namespace {

using Steps = std::vector<Migration>;

const Migration first{"shop", 1, "orders", "create table orders (id bigint); create index on orders (id);"};
const Migration second{"shop", 2, "items", "create table items (id bigint)"};
const Migration other{"outbox", 1, "outbox", "create table outbox (id bigint)"};

class Migrations : public ::testing::Test {
 protected:
  Migrations() { settings_.connection_string = database_.connection_string(); }

  std::string code(const Steps& steps) {
    const auto done = migrate(settings_, steps, {});
    return done ? "fine" : done.error().code;
  }
  std::string history() {
    return database_.sql("select string_agg(set || number || name, ' ' order by set, number) from schema_migrations");
  }

  pkg::testing::TestDatabase database_;
  ConnectionSettings settings_;
};

TEST_F(Migrations, RunInOrderAndOnce) {
  EXPECT_EQ(code({first, second}), "fine");
  EXPECT_EQ(history(), "shop1orders shop2items");
  EXPECT_EQ(code({first, second}), "fine") << "a second time the tables would be there already";
}

TEST_F(Migrations, ContinueWhereTheyStoppedAndKeepSetsApart) {
  EXPECT_EQ(code({first}), "fine");
  EXPECT_EQ(code({other, first, second}), "fine");
  EXPECT_EQ(history(), "outbox1outbox shop1orders shop2items");
  EXPECT_EQ(code({first, second}), "fine") << "another program's set is not our business";
}

TEST_F(Migrations, OfManyProcessesAtOnceRunOnce) {
  std::vector<std::jthread> processes;
  std::atomic<int> fine = 0;
  for (int i = 0; i < 6; ++i) {
    processes.emplace_back([&] { fine += code({first, second, other}) == "fine" ? 1 : 0; });
  }
  processes.clear();
  EXPECT_EQ(fine, 6);
  EXPECT_EQ(history(), "outbox1outbox shop1orders shop2items");
}

TEST_F(Migrations, AreRefusedWhenOneWasChangedAfterItHadRun) {
  ASSERT_EQ(code({first}), "fine");
  auto changed = first;
  changed.sql += " -- a word more";
  const auto done = migrate(settings_, Steps{changed, second}, {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "migration_changed");
  EXPECT_NE(done.error().detail.find("migration 1 (orders) of set shop"), std::string::npos) << done.error().detail;
  EXPECT_EQ(history(), "shop1orders") << "nothing further has run";
}

TEST_F(Migrations, AreRefusedWhenTheDatabaseIsNewer) {
  ASSERT_EQ(code({first, second}), "fine");
  EXPECT_EQ(code({first}), "database_newer");
}

TEST_F(Migrations, AreRefusedWhenAnEarlierOneIsMissing) {
  ASSERT_EQ(code({first, second}), "fine");
  database_.sql("delete from schema_migrations where number = 1");
  EXPECT_EQ(code({first, second}), "migration_missing");
}

TEST_F(Migrations, WithAGapOrADoubledNumberAreRefused) {
  EXPECT_EQ(code({second}), "migrations_invalid");
  EXPECT_EQ(code({first, first}), "migrations_invalid");
}

TEST_F(Migrations, ThatFailLeaveNothingOfThemselvesBehind) {
  const Migration broken{"shop", 2, "broken", "create table half (id bigint); select no_such_column"};
  EXPECT_EQ(code({first, broken}), "migration_failed");
  EXPECT_EQ(history(), "shop1orders");
  EXPECT_EQ(database_.sql("select to_regclass('half') is null"), "t");
  EXPECT_EQ(code({first, second}), "fine") << "put right, it runs";
}

TEST_F(Migrations, ComeFromEmbeddedFilesInTheOrderOfTheirNumbers) {
  const auto steps = embedded_migrations("test", test_migrations::files());
  ASSERT_TRUE(steps);
  ASSERT_EQ(steps->size(), 2u);
  EXPECT_EQ((*steps)[0].name, "first");
  EXPECT_EQ((*steps)[1].number, 2);
  EXPECT_EQ(code(*steps), "fine");
  EXPECT_EQ(database_.sql("select name from embedded"), "second");
}

TEST(MigrationFiles, AreNamedByNumberAndName) {
  for (const char* name : {"first.sql", "0001_.sql", "0001first.sql", "0001_first.txt", "_first.sql"}) {
    const embed::EmbeddedFile file{name, "select 1"};
    const auto steps = embedded_migrations("test", {&file, 1});
    ASSERT_FALSE(steps) << name;
    EXPECT_EQ(steps.error().code, "migrations_invalid");
  }
}

}  // namespace
}  // namespace pkg::postgres
