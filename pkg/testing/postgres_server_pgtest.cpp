// The servers that tests start and kill.

#include "pkg/testing/postgres_server.hpp"

#include <gtest/gtest.h>

namespace pkg::testing {
namespace {

TEST(PrivatePostgres, HasWhatWasCommittedAfterEveryProcessOfItWasKilled) {
  const auto server = PostgresServer::start_private(Durability::of_machines);
  const TestDatabase database(*server);
  EXPECT_EQ(database.sql("show fsync"), "on");
  database.sql("create table t (n int)");
  for (int n = 1; n <= 3; ++n) {
    database.sql("insert into t values (" + std::to_string(n) + ")");
    server->kill();
    server->start();
    EXPECT_EQ(database.sql("select string_agg(n::text, ' ' order by n) from t"), n == 1 ? "1" : n == 2 ? "1 2" : "1 2 3");
  }
}

}  // namespace
}  // namespace pkg::testing
