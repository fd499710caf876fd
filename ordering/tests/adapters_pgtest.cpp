// The PostgreSQL adapters of ordering pass the same contracts as the fakes.

#include <gtest/gtest.h>

#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "ordering/internal/adapters/pg/pg_order_book.hpp"
#include "ordering/internal/agent/files.hpp"
#include "ordering/tests/port_contracts.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace ordering::tests {
namespace {

class Database {
 public:
  Database() {
    auto steps = pkg::postgres::embedded_migrations("es", pkg::es_pg::migration_files());
    const auto own = pkg::postgres::embedded_migrations("ordering", agent::migration_files());
    steps->insert(steps->end(), own->begin(), own->end());
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, *steps);
    EXPECT_TRUE(migrated) << migrated.error().detail;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{{.connection = {.connection_string = database_.connection_string(), .application_name = "ordering_test"}}};
  pkg::postgres::PgTransactor transactor_{pool_};
};

struct PgPorts {
  pkg::uow::Transactor& transactor() { return database_.transactor(); }
  app::OrderStore& orders() { return orders_; }
  app::OrderBook& book() { return book_; }

 private:
  Database database_;
  pkg::clock::ManualClock clock_;
  pkg::es_pg::PgEventStore<domain::Order> orders_{adapters::pg::order_codec(), clock_};
  adapters::pg::PgOrderBook book_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, PortContract, PgPorts);

}  // namespace
}  // namespace ordering::tests
