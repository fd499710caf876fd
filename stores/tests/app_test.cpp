// The use cases of stores on fakes: what is stored, shown and told.

#include "stores/internal/app/app.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "pkg/es/memory_event_store.hpp"
#include "stores/tests/fakes.hpp"
#include "stores/tests/port_contracts.hpp"

namespace stores::tests {
namespace {

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "a copy's handlers would refer into the original");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::Mall& mall() { return mall_; }
  app::Catalog& catalog() { return catalog_; }
  app::StockRoom& stock() { return stock_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryMall mall_;
  MemoryStockRoom stock_;
  MemoryCatalog catalog_{stock_};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Stores : public ::testing::Test {
 protected:
  pkg::uow::MemoryTransactor transactor;
  pkg::es::MemoryEventStore<domain::Store> stores;
  pkg::es::MemoryEventStore<domain::Product> products;
  MemoryMall mall;
  MemoryStockRoom stock;
  MemoryCatalog catalog{stock};
  RecordedStoreNews store_news;
  RecordedProductNews product_news;
  app::Application app{{transactor, stores, products, mall, catalog, stock, store_news, product_news}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::Actor ann{id<domain::UserId>(1)};
  const domain::Actor bob{id<domain::UserId>(2)};
  const domain::StoreId north = id<domain::StoreId>(21);
  const domain::ProductId tea = id<domain::ProductId>(11);
  const domain::ProductId cup = id<domain::ProductId>(12);

  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }
  static domain::OrderId order(std::uint64_t n) { return id<domain::OrderId>(100 + n); }

  void SetUp() override { ASSERT_TRUE(app.create_store(cause, {north, ann, "North", "Hall 1"})); }
  auto add(const domain::ProductId& product, std::string sku, std::optional<std::int64_t> pieces = 10) {
    return app.add_product(cause, {product, north, ann, {"Tea", "Green", std::move(sku), eur(250), pieces}});
  }
  template <class Work>
  std::string code_of(Work work) {
    const auto done = transactor.run(cause, work);
    return done ? "" : done.error().code;
  }
  std::string reserve(std::uint64_t n, std::vector<domain::ReservationLine> items) {
    return code_of([&](pkg::uow::UnitOfWork& unit) { return app.reserve_stock(unit, {order(n), items}); });
  }
  std::string commit(std::uint64_t n) {
    return code_of([&](pkg::uow::UnitOfWork& unit) { return app.commit_stock(unit, {order(n)}); });
  }
  std::string release(std::uint64_t n) {
    return code_of([&](pkg::uow::UnitOfWork& unit) { return app.release_stock(unit, {order(n)}); });
  }
  domain::Stock tea_stock() { return app.get_product(cause, {tea})->stock; }
};

TEST_F(Stores, AStoreIsShownAndToldOfWithItsVersion) {
  ASSERT_TRUE(app.enable_participation(cause, {north, ann, {}}));
  ASSERT_TRUE(app.rebrand_store(cause, {north, ann, "North Star", {}}));
  EXPECT_EQ(app.get_store(cause, {north}).value(), (app::StoreView{north, ann.user, "North Star", "Hall 1", true, 3}));
  ASSERT_EQ(store_news.told.size(), 3u);
  EXPECT_EQ(store_news.told[0].event, domain::StoreEvent(domain::StoreCreated{ann.user, "North", "Hall 1"}));
  EXPECT_EQ(store_news.told[2].version, 3u);
}

TEST_F(Stores, WhatChangesNothingIsNotTold) {
  ASSERT_TRUE(app.disable_participation(cause, {north, ann, {}}));
  EXPECT_EQ(store_news.told.size(), 1u);
}

TEST_F(Stores, SomebodyElsesStoreIsNotChanged) {
  EXPECT_EQ(app.enable_participation(cause, {north, bob, {}}).error().code, "not_your_store");
  EXPECT_EQ(app.add_product(cause, {tea, north, bob, {"Tea", "", "T-1", eur(250), 1}}).error().code, "not_your_store");
  EXPECT_FALSE(app.get_product(cause, {tea}));
  EXPECT_EQ(store_news.told.size(), 1u);
  EXPECT_TRUE(product_news.told.empty());
}

TEST_F(Stores, WhatIsNotThereIsNotFound) {
  const auto nowhere = id<domain::StoreId>(99);
  EXPECT_EQ(app.get_store(cause, {nowhere}).error().code, "no_such_store");
  EXPECT_EQ(app.list_products(cause, {nowhere, {}}).error().code, "no_such_store");
  EXPECT_EQ(app.add_product(cause, {tea, nowhere, ann, {"Tea", "", "T-1", eur(250), 1}}).error().code, "no_such_store");
  EXPECT_EQ(app.get_product(cause, {tea}).error().code, "no_such_product");
  EXPECT_EQ(app.increase_price(cause, {tea, ann, eur(300), {}}).error().code, "no_such_product");
  EXPECT_EQ(app.restock_product(cause, {tea, ann, 1, {}}).error().code, "no_such_product");
}

TEST_F(Stores, StoresAreListed) {
  ASSERT_TRUE(app.create_store(cause, {id<domain::StoreId>(22), bob, "South", "Hall 2"}));
  ASSERT_TRUE(app.enable_participation(cause, {north, ann, {}}));
  EXPECT_EQ(app.list_stores(cause, {})->items.size(), 2u);
  EXPECT_EQ(app.list_stores(cause, {true, {}})->items.at(0).id, north);
}

TEST_F(Stores, AProductIsShownAndToldOfWithItsVersion) {
  ASSERT_TRUE(add(tea, "T-1"));
  ASSERT_TRUE(app.increase_price(cause, {tea, ann, eur(300), {}}));
  ASSERT_TRUE(app.decrease_price(cause, {tea, ann, eur(200), {}}));
  ASSERT_TRUE(app.rebrand_product(cause, {tea, ann, "Black tea", "Strong", {}}));
  EXPECT_EQ(app.get_product(cause, {tea}).value(), (app::ProductView{tea, north, "Black tea", "Strong", "T-1", eur(200), 4, {10, 0}}));
  ASSERT_EQ(product_news.told.size(), 4u);
  EXPECT_EQ(product_news.told[2].event, domain::ProductEvent(domain::ProductPriceDecreased{eur(200)}));
  EXPECT_EQ(product_news.told[2].version, 3u);
}

TEST_F(Stores, AnSkuIsUsedOncePerStore) {
  ASSERT_TRUE(add(tea, "T-1"));
  EXPECT_EQ(add(cup, "T-1").error().code, "sku_taken");
  EXPECT_EQ(product_news.told.size(), 1u);
  EXPECT_EQ(app.list_products(cause, {north, {}})->items.size(), 1u);
}

TEST_F(Stores, ARemovedProductIsNotShownAndNotChanged) {
  ASSERT_TRUE(add(tea, "T-1"));
  ASSERT_TRUE(app.remove_product(cause, {tea, ann, {}}));
  EXPECT_EQ(app.get_product(cause, {tea}).error().kind, pkg::errors::ErrorKind::not_found);
  EXPECT_EQ(app.remove_product(cause, {tea, ann, {}}).error().code, "product_removed");
  EXPECT_EQ(app.restock_product(cause, {tea, ann, 1, {}}).error().code, "product_removed");
  EXPECT_EQ(reserve(1, {{tea, 1}}), "product_removed");
  EXPECT_TRUE(add(cup, "T-1"));
}

TEST_F(Stores, AChangeOfAnotherVersionThanTheCallerSawIsStale) {
  ASSERT_TRUE(add(tea, "T-1"));
  EXPECT_EQ(app.increase_price(cause, {tea, ann, eur(300), 7}).error().kind, pkg::errors::ErrorKind::stale);
  EXPECT_EQ(app.restock_product(cause, {tea, ann, 5, 7}).error().kind, pkg::errors::ErrorKind::stale);
  EXPECT_EQ(app.rebrand_store(cause, {north, ann, "South", 7}).error().kind, pkg::errors::ErrorKind::stale);
  EXPECT_EQ(tea_stock(), (domain::Stock{10, 0}));
}

TEST_F(Stores, RestockingAddsPiecesAndIsNobodyElsesBusiness) {
  ASSERT_TRUE(add(tea, "T-1"));
  ASSERT_TRUE(add(cup, "C-1", std::nullopt));
  ASSERT_TRUE(app.restock_product(cause, {tea, ann, 5, {}}));
  EXPECT_EQ(tea_stock(), (domain::Stock{15, 0}));
  EXPECT_EQ(app.restock_product(cause, {tea, bob, 5, {}}).error().code, "not_your_store");
  EXPECT_EQ(app.restock_product(cause, {tea, ann, 0, {}}).error().code, "quantity_out_of_range");
  EXPECT_EQ(app.restock_product(cause, {cup, ann, 5, {}}).error().code, "stock_unlimited");
  EXPECT_EQ(product_news.told.size(), 2u) << "a stock is told to nobody";
}

TEST_F(Stores, StockIsReservedAndCommittedOnce) {
  ASSERT_TRUE(add(tea, "T-1"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(reserve(1, {{tea, 3}}), "");
  EXPECT_EQ(tea_stock(), (domain::Stock{10, 3}));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(commit(1), "");
  EXPECT_EQ(tea_stock(), (domain::Stock{7, 0}));
  EXPECT_EQ(release(1), "reservation_ended");
  EXPECT_EQ(tea_stock(), (domain::Stock{7, 0}));
}

TEST_F(Stores, StockIsReservedForAllItemsOrNone) {
  ASSERT_TRUE(add(tea, "T-1"));
  ASSERT_TRUE(add(cup, "C-1", 1));
  EXPECT_EQ(reserve(1, {{tea, 3}, {cup, 2}}), "out_of_stock");
  EXPECT_EQ(tea_stock(), (domain::Stock{10, 0}));
  EXPECT_EQ(reserve(1, {{tea, 3}, {id<domain::ProductId>(99), 1}}), "no_such_product");
}

TEST_F(Stores, ReleasedStockCanBeReservedByOthers) {
  ASSERT_TRUE(add(tea, "T-1"));
  EXPECT_EQ(reserve(1, {{tea, 10}}), "");
  EXPECT_EQ(reserve(2, {{tea, 1}}), "out_of_stock");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(release(1), "");
  EXPECT_EQ(reserve(2, {{tea, 1}}), "");
}

TEST_F(Stores, AReservationThatComesAfterItsReleaseIsRefused) {
  ASSERT_TRUE(add(tea, "T-1"));
  EXPECT_EQ(release(1), "");
  EXPECT_EQ(reserve(1, {{tea, 1}}), "reservation_ended");
  EXPECT_EQ(tea_stock(), (domain::Stock{10, 0}));
}

TEST_F(Stores, ACommitThatComesBeforeItsReservationIsTriedAgain) {
  const auto done = transactor.run(cause, [&](pkg::uow::UnitOfWork& unit) { return app.commit_stock(unit, {order(1)}); });
  EXPECT_TRUE(pkg::errors::is_retryable(done.error().kind));
}

}  // namespace
}  // namespace stores::tests
