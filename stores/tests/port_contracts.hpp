#pragma once
// What every Mall, Catalog and StockRoom promises; the fakes and the PostgreSQL adapters both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::Mall& mall();  app::Catalog& catalog();  app::StockRoom& stock();

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pkg/ids/id_sources.hpp"
#include "stores/internal/app/ports.hpp"

namespace stores::tests {

using Unit = pkg::uow::UnitOfWork;

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  static domain::StoreId store(std::uint64_t n) { return id<domain::StoreId>(n); }
  static domain::ProductId product(std::uint64_t n) { return id<domain::ProductId>(n); }
  static domain::OrderId order(std::uint64_t n) { return id<domain::OrderId>(n); }
  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

  template <class Work>
  pkg::errors::Result<> run(Work work) {
    return ports.transactor().run({}, [&](Unit& unit) -> pkg::errors::Result<> {
      work(unit);
      return {};
    });
  }
  template <class Work>
  auto get(Work work) {
    auto got = ports.transactor().run_for({}, work);
    EXPECT_TRUE(got) << got.error().code;
    return std::move(*got);
  }

  void note_store(std::uint64_t n, std::string name, bool participating = false, pkg::es::Version version = 1) {
    const domain::Store state{true, id<domain::UserId>(1), std::move(name), "Hall", participating};
    ASSERT_TRUE(run([&](Unit& unit) { ports.mall().note(unit, store(n), {state, version}); }));
  }
  auto stores(std::optional<bool> participating, const pkg::paging::Page& page = {}) {
    return get([&](Unit& unit) { return ports.mall().list(unit, participating, page); });
  }

  static domain::Product a_product(std::string sku, std::int64_t cents = 250) {
    return {domain::ProductStatus::on_sale, store(21), "Tea", "Green", std::move(sku), eur(cents)};
  }
  pkg::errors::Result<> note_product(std::uint64_t n, const domain::Product& state, pkg::es::Version version = 1,
                                     domain::Stock stock = {10, 0}) {
    return run([&](Unit& unit) {
      ports.catalog().note(unit, product(n), {state, version});
      ports.stock().open(unit, product(n), stock);
    });
  }
  auto find_product(std::uint64_t n) {
    return get([&](Unit& unit) { return ports.catalog().find(unit, product(n)); });
  }
  auto products(const pkg::paging::Page& page = {}, std::uint64_t of_store = 21) {
    return get([&](Unit& unit) { return ports.catalog().of_store(unit, store(of_store), page); });
  }

  app::StockFacts look(Unit& unit, std::uint64_t order_number, std::vector<domain::ProductId> about) {
    auto facts = ports.stock().look(unit, order(order_number), about);
    EXPECT_TRUE(facts) << facts.error().code;
    return std::move(*facts);
  }
  /// Whether the pieces of product 11 could be reserved.
  pkg::errors::Result<bool> reserve_in(Unit& unit, std::uint64_t order_number, std::int64_t pieces) {
    const auto wanted = product(11);
    const auto facts = ports.stock().look(unit, order(order_number), std::span(&wanted, 1));
    if (!facts) return pkg::errors::pass_on(facts);
    const auto decision = domain::reserve(facts->reservation, {{wanted, pieces}}, facts->shelves);
    if (!decision) return false;
    if (*decision) ports.stock().save(unit, order(order_number), **decision);
    return true;
  }
  pkg::errors::Result<bool> reserve(std::uint64_t order_number, std::int64_t pieces) {
    return ports.transactor().run_for({}, [&](Unit& unit) { return reserve_in(unit, order_number, pieces); });
  }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, AStoreIsShownAsItWasNotedLast) {
  this->note_store(21, "North");
  this->note_store(21, "North Star", true, 3);
  const auto found = this->get([&](Unit& unit) { return this->ports.mall().find(unit, this->store(21)); });
  EXPECT_EQ(found, (app::StoreView{this->store(21), this->template id<domain::UserId>(1), "North Star", "Hall", true, 3}));
  EXPECT_FALSE(this->get([&](Unit& unit) { return this->ports.mall().find(unit, this->store(22)); }));
}

TYPED_TEST_P(PortContract, StoresAreListedInTheOrderOfTheirMakingPageByPage) {
  for (const int n : {25, 21, 23, 22, 24}) this->note_store(static_cast<std::uint64_t>(n), "Store", n % 2 == 1);
  const auto first = this->stores({}, {2, {}});
  ASSERT_EQ(first.items.size(), 2u);
  EXPECT_EQ(first.items[0].id, this->store(21));
  const auto second = this->stores({}, {2, first.next});
  ASSERT_EQ(second.items.size(), 2u);
  EXPECT_EQ(second.items[0].id, this->store(23));
  const auto last = this->stores({}, {2, second.next});
  ASSERT_EQ(last.items.size(), 1u);
  EXPECT_TRUE(last.next.empty());
}

TYPED_TEST_P(PortContract, StoresAreListedByParticipation) {
  for (const int n : {21, 22, 23}) this->note_store(static_cast<std::uint64_t>(n), "Store", n == 22);
  EXPECT_EQ(this->stores({}).items.size(), 3u);
  ASSERT_EQ(this->stores(true).items.size(), 1u);
  EXPECT_EQ(this->stores(true).items[0].id, this->store(22));
  const auto others = this->stores(false, {1, {}});
  ASSERT_EQ(others.items.size(), 1u);
  EXPECT_EQ(this->stores(false, {1, others.next}).items.at(0).id, this->store(23));
}

TYPED_TEST_P(PortContract, ACursorOfAnotherListIsMalformed) {
  const auto listed =
      this->ports.transactor().run_for({}, [&](Unit& unit) { return this->ports.mall().list(unit, {}, {2, {"nonsense"}}); });
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, "malformed_page_token");
}

TYPED_TEST_P(PortContract, AProductIsShownWithItsStock) {
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1")));
  ASSERT_TRUE(this->note_product(12, this->a_product("T-2"), 1, {}));
  ASSERT_TRUE(this->reserve(1, 3));
  EXPECT_EQ(this->find_product(11),
            (app::ProductView{this->product(11), this->store(21), "Tea", "Green", "T-1", this->eur(250), 1, {10, 3}}));
  EXPECT_EQ(this->find_product(12)->stock, domain::Stock{});
  EXPECT_FALSE(this->find_product(13));
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1", 300), 2));
  EXPECT_EQ(this->find_product(11)->price, this->eur(300));
  EXPECT_EQ(this->find_product(11)->version, 2u);
}

TYPED_TEST_P(PortContract, ProductsOfAStoreAreListedPageByPageWithoutThoseRemoved) {
  for (const int n : {13, 11, 14, 12}) {
    auto one = this->a_product("T-" + std::to_string(n));
    if (n == 12) one.status = domain::ProductStatus::removed;
    ASSERT_TRUE(this->note_product(static_cast<std::uint64_t>(n), one));
  }
  const auto first = this->products({2, {}});
  ASSERT_EQ(first.items.size(), 2u);
  EXPECT_EQ(first.items[1].id, this->product(13));
  EXPECT_EQ(first.items[1].stock, (domain::Stock{10, 0}));
  EXPECT_EQ(this->products({2, first.next}).items.size(), 1u);
  EXPECT_TRUE(this->products({}, 22).items.empty());
}

TYPED_TEST_P(PortContract, AnSkuIsTakenInItsStoreUntilItsProductIsRemoved) {
  auto one = this->a_product("T-1");
  ASSERT_TRUE(this->note_product(11, one));
  EXPECT_EQ(this->note_product(12, this->a_product("T-1")).error(), domain::to_error(domain::sku_taken()));
  EXPECT_FALSE(this->find_product(12));
  auto elsewhere = this->a_product("T-1");
  elsewhere.store = this->store(22);
  EXPECT_TRUE(this->note_product(13, elsewhere));
  one.status = domain::ProductStatus::removed;
  ASSERT_TRUE(this->note_product(11, one, 2));
  EXPECT_FALSE(this->find_product(11));
  EXPECT_TRUE(this->note_product(12, this->a_product("T-1")));
}

TYPED_TEST_P(PortContract, ALookAtAnOrderTellsItsReservationAndTheShelvesConcerned) {
  auto gone = this->a_product("T-2");
  gone.status = domain::ProductStatus::removed;
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1")));
  ASSERT_TRUE(this->note_product(12, gone, 2, {}));
  ASSERT_TRUE(this->run([&](Unit& unit) {
    const auto facts = this->look(unit, 1, {this->product(11), this->product(12), this->product(99)});
    EXPECT_EQ(facts.reservation, domain::Reservation{});
    EXPECT_EQ(facts.shelves,
              (std::vector<domain::Shelf>{{this->product(11), "Tea", true, {10, 0}}, {this->product(12), "Tea", false, {}}}));
    EXPECT_TRUE(this->look(unit, 1, {}).shelves.empty());
  }));
  ASSERT_TRUE(this->reserve(1, 4));
  ASSERT_TRUE(this->run([&](Unit& unit) {
    const auto facts = this->look(unit, 1, {});
    EXPECT_EQ(facts.reservation, (domain::Reservation{domain::ReservationStatus::reserved, {{this->product(11), 4}}}));
    EXPECT_EQ(facts.shelves, (std::vector<domain::Shelf>{{this->product(11), "Tea", true, {10, 4}}}));
  }));
}

TYPED_TEST_P(PortContract, AReservationEndsAndLeavesTheStockThatWasDecided) {
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1")));
  ASSERT_TRUE(this->reserve(1, 4));
  ASSERT_TRUE(this->reserve(2, 2));
  ASSERT_TRUE(this->run([&](Unit& unit) {
    for (const std::uint64_t n : {1, 2, 3}) {
      const auto facts = this->look(unit, n, {});
      const auto decision = n == 1 ? domain::commit(facts.reservation, facts.shelves) : domain::release(facts.reservation, facts.shelves);
      this->ports.stock().save(unit, this->order(n), decision->value());
    }
  }));
  EXPECT_EQ(this->find_product(11)->stock, (domain::Stock{6, 0}));
  ASSERT_TRUE(this->run([&](Unit& unit) {
    EXPECT_EQ(this->look(unit, 1, {}).reservation.status, domain::ReservationStatus::committed);
    EXPECT_EQ(this->look(unit, 2, {}).reservation, (domain::Reservation{domain::ReservationStatus::released, {{this->product(11), 2}}}));
    EXPECT_EQ(this->look(unit, 3, {}).reservation, (domain::Reservation{domain::ReservationStatus::released, {}}));
  }));
}

TYPED_TEST_P(PortContract, ALookAheadSeesWhatALookSeesAndWhatTheUnitSavesAfterIt) {
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1"), 1, {10, 0}));
  ASSERT_TRUE(this->note_product(12, this->a_product("T-2"), 1, {}));
  ASSERT_TRUE(this->reserve(1, 4));
  const std::vector<app::StockWanted> wanted{{this->order(1), {}},
                                             {this->order(2), {this->product(11), this->product(12)}},
                                             {this->order(2), {this->product(19)}},
                                             {this->order(3), {this->product(11)}}};
  ASSERT_TRUE(this->run([&](Unit& unit) {
    ASSERT_TRUE(this->ports.stock().look_ahead(unit, wanted));
    const auto first = this->look(unit, 1, {});
    EXPECT_EQ(first.reservation, (domain::Reservation{domain::ReservationStatus::reserved, {{this->product(11), 4}}}));
    ASSERT_EQ(first.shelves.size(), 1U);
    EXPECT_EQ(first.shelves[0].stock, (domain::Stock{10, 4}));
    const auto second = this->look(unit, 2, {this->product(12), this->product(11), this->product(19)});
    EXPECT_EQ(second.reservation, domain::Reservation());
    ASSERT_EQ(second.shelves.size(), 2U) << "there is no product 19";
    EXPECT_EQ(second.shelves[1].stock, domain::Stock());
    EXPECT_TRUE(*this->reserve_in(unit, 2, 6));
    EXPECT_EQ(this->look(unit, 3, {this->product(11)}).shelves[0].stock, (domain::Stock{10, 10}));
    EXPECT_FALSE(*this->reserve_in(unit, 3, 1)) << "the order before it took the last";
    EXPECT_EQ(this->look(unit, 2, {}).reservation.status, domain::ReservationStatus::reserved);
    EXPECT_EQ(this->look(unit, 4, {this->product(11)}).shelves[0].stock, (domain::Stock{10, 10})) << "nobody had announced it";
  }));
  EXPECT_EQ(this->find_product(11)->stock, (domain::Stock{10, 10}));
}

TYPED_TEST_P(PortContract, OrdersOfOneUnitSeeWhatThoseBeforeThemTook) {
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1")));
  ASSERT_TRUE(this->run([&](Unit& unit) {
    EXPECT_TRUE(this->reserve_in(unit, 1, 6).value());
    EXPECT_FALSE(this->reserve_in(unit, 2, 6).value());
    EXPECT_TRUE(this->reserve_in(unit, 3, 4).value());
  }));
  EXPECT_EQ(this->find_product(11)->stock, (domain::Stock{10, 10}));
}

TYPED_TEST_P(PortContract, ARestockedProductHasMore) {
  ASSERT_TRUE(this->note_product(11, this->a_product("T-1")));
  ASSERT_TRUE(this->run([&](Unit& unit) {
    EXPECT_EQ(this->ports.stock().look(unit, this->product(11)).value(), (domain::Stock{10, 0}));
    EXPECT_FALSE(this->ports.stock().look(unit, this->product(99)).value());
    this->ports.stock().save(unit, this->product(11), {15, 0});
  }));
  EXPECT_EQ(this->find_product(11)->stock, (domain::Stock{15, 0}));
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, AStoreIsShownAsItWasNotedLast, StoresAreListedInTheOrderOfTheirMakingPageByPage,
                            StoresAreListedByParticipation, ACursorOfAnotherListIsMalformed, AProductIsShownWithItsStock,
                            ProductsOfAStoreAreListedPageByPageWithoutThoseRemoved, AnSkuIsTakenInItsStoreUntilItsProductIsRemoved,
                            ALookAtAnOrderTellsItsReservationAndTheShelvesConcerned, AReservationEndsAndLeavesTheStockThatWasDecided,
                            ALookAheadSeesWhatALookSeesAndWhatTheUnitSavesAfterIt, OrdersOfOneUnitSeeWhatThoseBeforeThemTook,
                            ARestockedProductHasMore);

}  // namespace stores::tests
