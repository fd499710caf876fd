// The PostgreSQL adapters of ordering pass the same contracts as the fakes.

#include <gtest/gtest.h>

#include <future>

#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "ordering/internal/adapters/pg/pg_order_book.hpp"
#include "ordering/internal/adapters/pg/status_words.hpp"
#include "ordering/internal/agent/files.hpp"
#include "ordering/tests/port_contracts.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

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
  std::string sql(std::string_view statements) const { return database_.sql(statements); }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{{.connection = {.connection_string = database_.connection_string(), .application_name = "ordering_test"}}};
  pkg::postgres::PgTransactor transactor_{pool_};
};

struct PgPorts {
  pkg::uow::Transactor& transactor() { return database_.transactor(); }
  app::OrderStore& orders() { return orders_; }
  app::OrderBook& book() { return book_; }
  std::string sql(std::string_view statements) const { return database_.sql(statements); }

 private:
  Database database_;
  pkg::clock::ManualClock clock_;
  pkg::es_pg::PgEventStore<domain::Order> orders_{adapters::pg::order_codec(), clock_};
  adapters::pg::PgOrderBook book_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, PortContract, PgPorts);

using PgOrderBookTest = PortContract<PgPorts>;

TEST_F(PgOrderBookTest, ShowsAnOrderOfOneMomentWhileItChanges) {
  happen(order(1), {created});
  std::future<app::OrderView> read;
  const auto done = ports.transactor().run({}, [&](Unit& unit) -> pkg::errors::Result<> {
    // Who reads now comes as far as the events and waits there until the order is approved.
    if (auto locked = pkg::postgres::transaction_of(unit).query("LOCK TABLE events"); !locked) return pkg::errors::pass_on(locked);
    read = std::async(std::launch::async, [&] { return shown(order(1)); });
    pkg::testing::wait_until(
        [&] { return ports.sql("SELECT count(*) FROM pg_locks WHERE relation = 'events'::regclass AND NOT granted") != "0"; },
        "the reader to wait");
    return append(unit, order(1), {domain::OrderApproved{list, t1}});
  });
  ASSERT_TRUE(done) << done.error().detail;
  const auto view = read.get();
  ASSERT_FALSE(view.history.empty());
  EXPECT_EQ(view.status, view.history.back().status);
  EXPECT_EQ(view.version, view.history.size());
}

TEST_F(PgOrderBookTest, ShowsEveryItemAndEveryStepWhicheverAreMore) {
  auto large = created;
  large.items = {tea, cup, cup, tea, cup};
  happen(order(1), {large});
  EXPECT_EQ(shown(order(1)).items, large.items);
  EXPECT_EQ(history(shown(order(1))), "1@0() ");
  large.items = {tea};
  happen(order(2), {large, domain::OrderApproved{list, t1}, domain::OrderReadied{t1}});
  EXPECT_EQ(shown(order(2)).items, large.items);
  EXPECT_EQ(history(shown(order(2))), "1@0() 2@5() 3@5() ");
}

TEST_F(PgOrderBookTest, ShowsTheHistoryOfEachOrderThatAUnitMovedWhateverIsInAReason) {
  happen(order(1), {created});
  happen(order(2), {created});
  const std::string reason("no\0tea", 6);
  const auto done = ports.transactor().run({}, [&](Unit& unit) -> pkg::errors::Result<> {
    if (auto rejected = append(unit, order(1), {domain::OrderRejected{"out_of_stock", reason, t1}}); !rejected) return rejected;
    return append(unit, order(2), {domain::OrderApproved{list, t1}});
  });
  ASSERT_TRUE(done) << done.error().detail;
  ASSERT_EQ(shown(order(1)).history.size(), 2u);
  EXPECT_EQ(shown(order(1)).history.back().detail, "notea");
  EXPECT_EQ(history(shown(order(2))), "1@0() 2@5() ");
}

TEST_F(PgOrderBookTest, ShowsTheHistoryThatTheReleaseBeforeWroteDown) {
  happen(order(1), {created, domain::OrderPickedEarly{t0}});
  happen(order(1), {domain::OrderApproved{list, t1}, domain::OrderReadied{t1}, domain::OrderCompleted{invoice, t1}});
  happen(order(2), {created, domain::OrderRejected{"out_of_stock", "No \"tea\" left, {1}.", t1}});
  EXPECT_EQ(ports.sql("SELECT count(*) FROM order_history"), "0");
  // As it was written: pinned here, to the microsecond.
  ports.sql(
      "INSERT INTO order_history SELECT o.order_id, s.version, s.status, o.created_at + s.after, s.detail FROM orders o,"
      " (VALUES ('completed', 1, 'pending', interval '0', ''), ('completed', 3, 'approved', interval '5 min', ''),"
      "  ('completed', 4, 'ready', interval '5 min', ''), ('completed', 5, 'completed', interval '5 min', ''),"
      "  ('rejected', 1, 'pending', interval '0', ''), ('rejected', 2, 'rejected', interval '5 min', 'No \"tea\" left, {1}.'))"
      " s(of, version, status, after, detail) WHERE o.status = s.of");
  for (const auto& which : orders({1, 2})) {
    std::string shown_now;
    for (const auto& step : shown(which).history) {
      shown_now += (shown_now.empty() ? "" : "; ") + std::string(adapters::pg::to_word(step.status)) + " " +
                   std::to_string(pkg::clock::unix_us(step.at)) + " " + step.detail;
    }
    EXPECT_EQ(shown_now, ports.sql("SELECT string_agg(concat(status, ' ', (extract(epoch FROM at) * 1000000)::bigint, ' ', detail), '; '"
                                   " ORDER BY version) FROM order_history WHERE order_id = '" +
                                   which.to_string() + "'"));
  }
}

TEST_F(PgOrderBookTest, ListsTheItemsThatTheReleaseBeforeWroteDownAndWritesNone) {
  happen(order(1), {created});
  happen(order(2), {created, domain::OrderApproved{list, t1}});
  EXPECT_EQ(ports.sql("SELECT count(*) FROM order_items"), "0");
  // As they were written: pinned here.
  ports.sql(
      "INSERT INTO order_items SELECT o.order_id, i.line, i.product::uuid, i.store::uuid, i.name, i.store_name, i.price, i.quantity FROM orders o,"
      " (VALUES (1, '" +
      tea.product.to_string() + "', '" + tea.store.to_string() +
      "', 'Tea', 'North', 250, 2),"
      "  (2, '" +
      cup.product.to_string() + "', '" + cup.store.to_string() +
      "', 'Cup \"blue\", {1}', 'Süd', 125, 4))"
      " i(line, product, store, name, store_name, price, quantity)");
  const auto slice = of_user(ann);
  ASSERT_TRUE(slice) << slice.error().code;
  ASSERT_EQ(slice->items.size(), 2u);
  for (const auto& view : slice->items) {
    std::string shown_now;
    for (const auto& item : view.items) {
      shown_now += item.product.to_string() + " " + item.store.to_string() + " " + item.product_name + " " + item.store_name + " " +
                   std::to_string(item.price.minor_units()) + " " + std::to_string(item.quantity) + "; ";
    }
    EXPECT_EQ(shown_now, ports.sql("SELECT string_agg(concat_ws(' ', product_id, store_id, product_name, store_name, price_minor, quantity)"
                                   " || '; ', '' ORDER BY line) FROM order_items WHERE order_id = '" +
                                   view.id.to_string() + "'"));
  }
}

}  // namespace
}  // namespace ordering::tests
