#pragma once
// What PostgreSQL's time goes into, by pg_stat_statements.

#include <vector>

#include "bench/figures.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace mall::bench {

class Statements {
 public:
  /// Restarts the server where it does not count them yet.
  explicit Statements(pkg::testing::PostgresServer& postgres);
  void forget() const;
  /// Since then, the dearest first.
  std::vector<Statement> dearest(const testing::RunningMall& mall, int most) const;

 private:
  const std::string connection_;
};

}  // namespace mall::bench
