// The PostgreSQL adapters of baskets pass the same contracts as the fakes.

#include <gtest/gtest.h>

#include "baskets/internal/adapters/pg/basket_codec.hpp"
#include "baskets/internal/adapters/pg/pg_offer_cache.hpp"
#include "baskets/internal/adapters/pg/pg_open_baskets.hpp"
#include "baskets/internal/agent/files.hpp"
#include "baskets/tests/port_contracts.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace baskets::tests {
namespace {

class Database {
 public:
  Database() {
    auto steps = pkg::postgres::embedded_migrations("es", pkg::es_pg::migration_files());
    const auto own = pkg::postgres::embedded_migrations("baskets", agent::migration_files());
    steps->insert(steps->end(), own->begin(), own->end());
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, *steps);
    EXPECT_TRUE(migrated) << migrated.error().detail;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{{.connection = {.connection_string = database_.connection_string(), .application_name = "baskets_test"}}};
  pkg::postgres::PgTransactor transactor_{pool_};
};

struct PgPorts {
  pkg::uow::Transactor& transactor() { return database_.transactor(); }
  app::OfferCache& offers() { return offers_; }
  app::OpenBaskets& open_baskets() { return open_baskets_; }

 private:
  Database database_;
  adapters::pg::PgOfferCache offers_;
  adapters::pg::PgOpenBaskets open_baskets_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(PostgreSql, PortContract, PgPorts);

using PgOffers = PortContract<PgPorts>;

TEST_F(PgOffers, AreRecalledAsTheyWereFoundUntilSomethingNewIsTold) {
  const auto recalls = [&] { return ports.offers().recall(tea).has_value(); };
  learn(product_added());
  learn(store_created());
  EXPECT_FALSE(recalls()) << "nobody has asked";
  ASSERT_TRUE(find(tea));
  ASSERT_TRUE(recalls());
  EXPECT_EQ(ports.offers().recall(tea)->price, eur(250));
  learn(priced(275, 2));
  EXPECT_FALSE(recalls());
  ASSERT_TRUE(find(tea));
  learn(participation(true, 2));
  EXPECT_FALSE(recalls()) << "it may be of that store";
}

TEST(PgBaskets, AreStoredAndLoadedWithEverythingThatHappened) {
  Database database;
  const pkg::clock::ManualClock clock;
  pkg::es_pg::PgEventStore<domain::Basket> store(adapters::pg::basket_codec(), clock);
  const auto id = [](std::uint64_t n) { return pkg::ids::CountingIds::nth(n); };
  const domain::BasketId basket{id(1)};
  const pkg::money::Money price{*pkg::money::Currency::parse("EUR"), 250};
  const std::vector<domain::BasketEvent> events{
      domain::BasketStarted{domain::UserId{id(2)}, clock.now()},
      domain::ItemAdded{domain::ProductId{id(3)}, domain::StoreId{id(4)}, "Tea", "North", price, 3, clock.now()},
      domain::ItemRemoved{domain::ProductId{id(3)}, 1, clock.now()}, domain::ItemRepriced{domain::ProductId{id(3)}, price, clock.now()},
      domain::BasketCheckedOut{domain::PaymentId{id(5)}, clock.now()}};
  const auto loaded =
      database.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<pkg::es::Loaded<domain::Basket>> {
        auto fresh = store.load(unit, basket, pkg::es::Look::stored);
        if (!fresh) return fresh;
        if (const auto appended = store.append(unit, basket, *fresh, events); !appended) return pkg::errors::pass_on(appended);
        return store.load(unit, basket, pkg::es::Look::stored);
      });
  ASSERT_TRUE(loaded) << loaded.error().detail;
  EXPECT_EQ(loaded->version, events.size());
  EXPECT_EQ(loaded->state, pkg::es::fold(domain::Basket{}, events));
}

}  // namespace
}  // namespace baskets::tests
