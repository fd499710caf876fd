#pragma once
// The PostgreSQL adapters of search on a database of a test's own.

#include <gtest/gtest.h>

#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "search/internal/adapters/pg/pg_order_history.hpp"
#include "search/internal/adapters/pg/pg_product_index.hpp"

namespace search::tests {

/// The service's tables; see mall_embed() in CMakeLists.txt.
std::span<const pkg::embed::EmbeddedFile> migration_files();

inline pkg::postgres::PoolOptions options_for(const std::string& connection_string) {
  pkg::postgres::PoolOptions options;
  options.connection.connection_string = connection_string;
  return options;
}

class PgPorts {
 public:
  explicit PgPorts(pkg::testing::PostgresServer& server = pkg::testing::PostgresServer::shared()) : database_(server) {
    const auto steps = pkg::postgres::embedded_migrations("search", migration_files());
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, steps.value());
    if (!migrated) ADD_FAILURE() << migrated.error().detail;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::OrderHistory& orders() { return orders_; }
  app::ProductIndex& products() { return products_; }
  const pkg::testing::TestDatabase& database() const { return database_; }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{options_for(database_.connection_string())};
  pkg::postgres::PgTransactor transactor_{pool_};
  adapters::pg::PgOrderHistory orders_;
  adapters::pg::PgProductIndex products_;
};

}  // namespace search::tests
