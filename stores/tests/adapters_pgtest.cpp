// The ports of stores on a real PostgreSQL.

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "stores/internal/adapters/pg/pg_catalog.hpp"
#include "stores/internal/adapters/pg/pg_mall.hpp"
#include "stores/internal/adapters/pg/pg_stock_room.hpp"
#include "stores/internal/adapters/pg/product_codec.hpp"
#include "stores/internal/adapters/pg/store_codec.hpp"
#include "stores/internal/app/app.hpp"
#include "stores/tests/migration_files.hpp"
#include "stores/tests/port_contracts.hpp"

namespace stores::tests {
namespace {

using pkg::errors::Result;
using pkg::uow::UnitOfWork;

class PgPorts {
 public:
  PgPorts() {
    std::vector<pkg::postgres::Migration> all;
    for (const auto& [set, files] : {std::pair{"es", pkg::es_pg::migration_files()}, std::pair{"stores", migration_files()}}) {
      const auto migrations = pkg::postgres::embedded_migrations(set, files);
      if (migrations) all.insert(all.end(), migrations->begin(), migrations->end());
    }
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, all);
    EXPECT_TRUE(migrated) << migrated.error().code;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::Mall& mall() { return mall_; }
  app::Catalog& catalog() { return catalog_; }
  app::StockRoom& stock() { return stock_; }
  pkg::testing::TestDatabase& database() { return database_; }

 private:
  static pkg::postgres::PoolOptions options(const std::string& connection_string) {
    pkg::postgres::PoolOptions options;
    options.connection.connection_string = connection_string;
    options.max_connections = 8;
    options.acquire_timeout = std::chrono::seconds{30};
    return options;
  }
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{options(database_.connection_string())};
  pkg::postgres::PgTransactor transactor_{pool_};
  adapters::pg::PgMall mall_;
  adapters::pg::PgCatalog catalog_;
  adapters::pg::PgStockRoom stock_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Pg, PortContract, PgPorts);

/// News go nowhere here.
class NoStoreNews final : public app::StoreNews {
  void tell(UnitOfWork&, const domain::StoreId&, const pkg::es::Loaded<domain::Store>&, std::span<const domain::StoreEvent>) override {}
};
class NoProductNews final : public app::ProductNews {
  void tell(UnitOfWork&, const domain::ProductId&, const pkg::es::Loaded<domain::Product>&,
            std::span<const domain::ProductEvent>) override {}
};

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class StoresOnPostgres : public ::testing::Test {
 protected:
  PgPorts ports;
  pkg::clock::ManualClock clock;
  pkg::es_pg::PgEventStore<domain::Store> stores{adapters::pg::store_codec(), clock};
  pkg::es_pg::PgEventStore<domain::Product> products{adapters::pg::product_codec(), clock};
  NoStoreNews store_news;
  NoProductNews product_news;
  app::Application app{{ports.transactor(), stores, products, ports.mall(), ports.catalog(), ports.stock(), store_news, product_news}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::Actor ann{id<domain::UserId>(1)};
  const domain::StoreId north = id<domain::StoreId>(21);
  static domain::ProductId product(std::uint64_t n) { return id<domain::ProductId>(n); }
  static domain::OrderId order(std::uint64_t n) { return id<domain::OrderId>(1000 + n); }

  void SetUp() override { ASSERT_TRUE(app.create_store(cause, {north, ann, "North", "Hall 1"})); }
  Result<> add(std::uint64_t n, std::string sku, std::optional<std::int64_t> pieces) {
    const pkg::money::Money price{*pkg::money::Currency::parse("EUR"), 250};
    const auto added = app.add_product(cause, {product(n), north, ann, {"Tea", "", std::move(sku), price, pieces}});
    if (!added) return pkg::errors::pass_on(added);
    return {};
  }
  Result<> reserve(std::uint64_t order_number, std::vector<domain::ReservationLine> items) {
    return ports.transactor().run(cause, [&](UnitOfWork& unit) { return app.reserve_stock(unit, {order(order_number), items}); });
  }
  domain::Stock stock_of(std::uint64_t n) { return app.get_product(cause, {product(n)})->stock; }

  /// Runs the work on so many threads, which begin together.
  template <class Work>
  static void race(int threads, Work work) {
    std::vector<std::jthread> racers;
    std::atomic<bool> go = false;
    for (int racer = 0; racer < threads; ++racer) {
      racers.emplace_back([&go, work, racer] {
        go.wait(false);
        work(racer);
      });
    }
    go = true;
    go.notify_all();
  }
};

TEST_F(StoresOnPostgres, WhatWasTakenBackIsNotTakenForSeen) {
  ASSERT_TRUE(add(11, "T-1", 10));
  std::set<std::size_t> without;
  const std::vector<app::StockWanted> wanted{{order(0), {product(11)}}, {order(1), {product(11)}}};
  ASSERT_TRUE(ports.transactor().run(cause, [&](UnitOfWork& unit) -> Result<> {
    if (!unit.resumes_at()) {
      unit.on_failed_part([&](std::size_t part, const pkg::errors::Error&) { return without.insert(part).second; });
      if (auto looked = ports.stock().look_ahead(unit, wanted); !looked) return looked;
    }
    for (std::size_t i = unit.resumes_at().value_or(0); i < wanted.size(); ++i) {
      if (i != unit.resumes_at()) unit.savepoint(i);
      unit.begin_part(i, {});
      if (without.contains(i)) continue;
      if (auto reserved = app.reserve_stock(unit, {wanted[i].order, {{product(11), 6}}}); !reserved) return reserved;
      if (i == 0) {
        unit.report_failed_part(0);
        return pkg::errors::fail(pkg::errors::ErrorKind::rejected, "no", "It fails behind its reservation.");
      }
    }
    return {};
  }));
  EXPECT_EQ(stock_of(11), (domain::Stock{10, 6}));
  EXPECT_EQ(ports.database().sql("select string_agg(order_id::text, ',') from reservations"), order(1).to_string());
}

TEST_F(StoresOnPostgres, TwoHundredRacingBuyersOfTenPiecesBuyTen) {
  ASSERT_TRUE(add(11, "T-1", 10));
  std::atomic<int> bought = 0, sold_out = 0, failed = 0;
  race(20, [&](int racer) {
    for (int i = 0; i < 10; ++i) {
      const auto done = reserve(static_cast<std::uint64_t>(racer * 10 + i), {{product(11), 1}});
      ++(done ? bought : done.error().code == "out_of_stock" ? sold_out : failed);
    }
  });
  EXPECT_EQ(bought, 10);
  EXPECT_EQ(sold_out, 190);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(stock_of(11), (domain::Stock{10, 10}));
  EXPECT_EQ(ports.database().sql("select count(*) from reservations where status = 'reserved'"), "10");
}

TEST_F(StoresOnPostgres, UnitsOfManyOrdersInAnyOrderOfProductsDoNotBlockOneAnother) {
  constexpr std::uint64_t kinds = 6;
  for (std::uint64_t n = 0; n < kinds; ++n) ASSERT_TRUE(add(11 + n, "T-" + std::to_string(n), 100'000));
  std::atomic<int> contended = 0, failed = 0;
  race(4, [&](int racer) {
    std::mt19937 random(static_cast<unsigned>(racer));
    for (std::uint64_t batch = 0; batch < 10; ++batch) {
      int attempts = 0;
      const auto done = ports.transactor().run(cause, [&](UnitOfWork& unit) -> Result<> {
        ++attempts;
        for (std::uint64_t i = 0; i < 10; ++i) {
          const auto number = (static_cast<std::uint64_t>(racer) * 10 + batch) * 10 + i;
          const auto reserved =
              app.reserve_stock(unit, {order(number), {{product(11 + random() % kinds), 1}, {product(11 + random() % kinds), 1}}});
          if (!reserved) return reserved;
        }
        return {};
      });
      contended += attempts - 1;
      failed += done ? 0 : 1;
    }
  });
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(contended, 0) << "a deadlock costs a second each";
  EXPECT_EQ(ports.database().sql("select sum(reserved) from product_stock"), "800");
}

TEST_F(StoresOnPostgres, AReservationRacingItsReleaseNeverKeepsStock) {
  ASSERT_TRUE(add(11, "T-1", 1000));
  race(2, [&](int racer) {
    for (std::uint64_t n = 0; n < 50; ++n) {
      if (racer == 0) {
        const auto done = reserve(n, {{product(11), 1}});
        EXPECT_TRUE(done || done.error().code == "reservation_ended") << done.error().code;
      } else {
        const auto done = ports.transactor().run(cause, [&](UnitOfWork& unit) { return app.release_stock(unit, {order(n)}); });
        EXPECT_TRUE(done) << done.error().code;
      }
    }
  });
  EXPECT_EQ(stock_of(11), (domain::Stock{1000, 0}));
}

TEST_F(StoresOnPostgres, ProductsAddedAtTheSameTimeWithOneSkuAreOne) {
  std::atomic<int> added = 0, taken = 0;
  race(8, [&](int racer) {
    const auto done = add(static_cast<std::uint64_t>(11 + racer), "T-1", 1);
    if (done) ++added;
    if (!done && done.error().code == "sku_taken") ++taken;
  });
  EXPECT_EQ(added, 1);
  EXPECT_EQ(taken, 7);
  EXPECT_EQ(ports.database().sql("select count(*) from product_stock"), "1");
}

TEST_F(StoresOnPostgres, WhatWasReceivedIsKeptSoThatTheBooksAddUp) {
  ASSERT_TRUE(add(11, "T-1", 10));
  ASSERT_TRUE(add(12, "T-2", {}));
  ASSERT_TRUE(reserve(1, {{product(11), 3}, {product(12), 1}}));
  ASSERT_TRUE(app.restock_product(cause, {product(11), ann, 5, {}}));
  ASSERT_TRUE(ports.transactor().run(cause, [&](UnitOfWork& unit) { return app.commit_stock(unit, {order(1)}); }));
  ASSERT_TRUE(reserve(2, {{product(11), 2}}));
  EXPECT_EQ(stock_of(11), (domain::Stock{12, 2}));
  const auto received = "select string_agg(coalesce(received::text, 'not counted'), ', ' order by product_id) from product_stock";
  EXPECT_EQ(ports.database().sql(received), "15, not counted");
  // And of what was there before it was kept.
  ports.database().sql("alter table product_stock drop column received");
  ports.database().sql(std::string(migration_files()[1].bytes));
  EXPECT_EQ(ports.database().sql(received), "15, not counted");
}

TEST_F(StoresOnPostgres, TheDatabaseItselfRefusesAStockBelowZero) {
  ASSERT_TRUE(add(11, "T-1", 1));
  const auto done = ports.transactor().run(cause, [&](UnitOfWork& unit) -> Result<> {
    ports.stock().save(unit, product(11), {1, 2});
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, pkg::errors::ErrorKind::internal);
  EXPECT_EQ(stock_of(11), (domain::Stock{1, 0}));
}

TEST_F(StoresOnPostgres, WhatHappenedToAProductIsReadBackFromItsEvents) {
  ASSERT_TRUE(add(11, "T-1", std::nullopt));
  const pkg::money::Money price{*pkg::money::Currency::parse("EUR"), 100};
  ASSERT_TRUE(app.decrease_price(cause, {product(11), ann, price, {}}));
  ASSERT_TRUE(app.rebrand_product(cause, {product(11), ann, "Black tea", "Strong", {}}));
  ASSERT_TRUE(app.remove_product(cause, {product(11), ann, {}}));
  const auto loaded =
      ports.transactor().run_for(cause, [&](UnitOfWork& unit) { return products.load(unit, product(11), pkg::es::Look::stored); });
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->version, 4u);
  EXPECT_EQ(loaded->state, (domain::Product{domain::ProductStatus::removed, north, "Black tea", "Strong", "T-1", price}));
}

}  // namespace
}  // namespace stores::tests
