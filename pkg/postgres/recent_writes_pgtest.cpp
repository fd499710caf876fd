#include "pkg/postgres/recent_writes.hpp"

#include <gtest/gtest.h>

#include <string>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/test_pool.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::postgres {
namespace {

struct Thing {
  int version = 0;
  bool ended = false;
};

class RecentWritesTest : public ::testing::Test {
 protected:
  enum class End { commit, fail };

  void write(const std::string& key, Thing thing, End end = End::commit) {
    const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
      recent.write(unit, key, thing);
      EXPECT_EQ(recent.find(unit, key)->version, thing.version) << "the unit sees its own";
      if (end == End::commit) return {};
      return errors::fail(errors::ErrorKind::rejected, "no", {});
    });
    EXPECT_EQ(done.has_value(), end == End::commit);
  }
  /// 0 where it is not remembered.
  int version(const std::string& key) {
    int found = 0;
    static_cast<void>(transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
      found = recent.find(unit, key).value_or(Thing{}).version;
      return {};
    }));
    return found;
  }

  RecentWrites<std::string, Thing> recent{2, [](const Thing& thing) { return !thing.ended; }};

 private:
  pkg::testing::TestDatabase database_;
  Pool pool_{testing::options_for(database_.connection_string())};
  PgTransactor transactor_{pool_};
};

TEST_F(RecentWritesTest, KeepOnlySoManyAndOnlyWhatIsWorthIt) {
  write("a", {1});
  write("b", {1});
  write("a", {2});
  write("a", {1});
  EXPECT_EQ(version("a"), 2) << "an older version does not come back";
  write("c", {1});
  EXPECT_EQ(version("b"), 0) << "the longest untouched goes first";
  EXPECT_EQ(version("a"), 2);
  write("a", {3, true});
  EXPECT_EQ(version("a"), 0);
  EXPECT_EQ(version("c"), 1);
}

TEST_F(RecentWritesTest, ForgetAndDoubtWhatWasRolledBack) {
  write("a", {1});
  EXPECT_FALSE(recent.is_in_doubt("a"));
  write("a", {2}, End::fail);
  EXPECT_EQ(version("a"), 0) << "somebody else may have been faster";
  EXPECT_TRUE(recent.is_in_doubt("a"));
  recent.settle_doubt("a");
  EXPECT_FALSE(recent.is_in_doubt("a"));
  write("b", {1}, End::fail);
  write("b", {1});
  EXPECT_FALSE(recent.is_in_doubt("b"));
}

TEST_F(RecentWritesTest, DoubtTheLastThoughManyWereNeverSettled) {
  for (int i = 0; i < 1'500; ++i) write("never settled " + std::to_string(i), {1}, End::fail);
  write("a", {1}, End::fail);
  EXPECT_TRUE(recent.is_in_doubt("a"));
  EXPECT_FALSE(recent.is_in_doubt("never settled 0"));
}

}  // namespace
}  // namespace pkg::postgres
