#pragma once
// What every OfferCache and OpenBaskets promises; the fakes and the PostgreSQL adapters both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::OfferCache& offers();  app::OpenBaskets& open_baskets();

#include <gtest/gtest.h>

#include "baskets/internal/app/ports.hpp"
#include "pkg/ids/id_sources.hpp"

namespace baskets::tests {

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  const domain::StoreId north = id<domain::StoreId>(21);
  const domain::ProductId tea = id<domain::ProductId>(11);
  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

  template <class Fact>
  void learn(const Fact& fact) {
    const auto done = ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      ports.offers().learn(unit, fact);
      return {};
    });
    ASSERT_TRUE(done) << done.error().code;
  }
  std::optional<domain::Offer> find(const domain::ProductId& product) {
    const auto found =
        ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.offers().find(unit, std::span(&product, 1)); });
    EXPECT_TRUE(found) << found.error().code;
    if (!found || found->empty()) return std::nullopt;
    return found->front();
  }
  template <class Change>
  void change_open_baskets(const Change& change) {
    const auto done = ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      change(unit, ports.open_baskets());
      return {};
    });
    ASSERT_TRUE(done) << done.error().code;
  }
  void add(const domain::BasketId& basket, pkg::clock::TimePoint at) {
    change_open_baskets([&](pkg::uow::UnitOfWork& unit, app::OpenBaskets& open) { open.add(unit, basket, at); });
  }
  void move(const domain::BasketId& basket, pkg::clock::TimePoint at) {
    change_open_baskets([&](pkg::uow::UnitOfWork& unit, app::OpenBaskets& open) { open.move(unit, basket, at); });
  }
  void remove(const domain::BasketId& basket) {
    change_open_baskets([&](pkg::uow::UnitOfWork& unit, app::OpenBaskets& open) { open.remove(unit, basket); });
  }
  std::vector<domain::BasketId> listed_until(pkg::clock::TimePoint time, int limit = 10) {
    const auto found = ports.transactor().run_for(
        {}, [&](pkg::uow::UnitOfWork& unit) { return ports.open_baskets().perhaps_untouched_since(unit, time, limit); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(std::vector<domain::BasketId>{});
  }

  app::StoreFact store_created(pkg::es::Version version = 1) { return {north, "North", false, version}; }
  app::StoreFact participation(bool on, pkg::es::Version version) { return {north, {}, on, version}; }
  app::ProductFact product_added(pkg::es::Version version = 1) { return {tea, north, "Tea", eur(250), false, version}; }
  app::ProductFact priced(std::int64_t cents, pkg::es::Version version) { return {tea, {}, {}, eur(cents), false, version}; }
  app::ProductFact named(std::string name, pkg::es::Version version) { return {tea, {}, std::move(name), {}, false, version}; }
  app::ProductFact removed(pkg::es::Version version) { return {tea, {}, {}, {}, true, version}; }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, AnOfferIsFoundOnceProductAndStoreAreFullyKnown) {
  EXPECT_FALSE(this->find(this->tea));
  this->learn(this->product_added());
  EXPECT_FALSE(this->find(this->tea)) << "the store is not known yet";
  this->learn(this->store_created());
  const auto offer = this->find(this->tea);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->store, this->north);
  EXPECT_EQ(offer->product_name, "Tea");
  EXPECT_EQ(offer->store_name, "North");
  EXPECT_EQ(offer->price, this->eur(250));
  EXPECT_TRUE(offer->sold);
  EXPECT_FALSE(offer->participating);
}

TYPED_TEST_P(PortContract, FactsMayComeInAnyOrderAndTheNewestOfEachSortHolds) {
  this->learn(this->priced(300, 3));
  this->learn(this->named("Green tea", 4));
  this->learn(this->priced(275, 2));
  this->learn(this->product_added(1));
  this->learn(this->participation(true, 5));
  this->learn(this->participation(false, 4));
  this->learn(this->store_created(1));
  const auto offer = this->find(this->tea);
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->price, this->eur(300));
  EXPECT_EQ(offer->product_name, "Green tea");
  EXPECT_TRUE(offer->participating);
}

TYPED_TEST_P(PortContract, ARemovedProductStaysRemovedWhateverComesLate) {
  this->learn(this->store_created());
  this->learn(this->removed(4));
  this->learn(this->product_added(1));
  this->learn(this->priced(300, 2));
  const auto offer = this->find(this->tea);
  ASSERT_TRUE(offer);
  EXPECT_FALSE(offer->sold);
}

TYPED_TEST_P(PortContract, LearningTheSameTwiceChangesNothing) {
  for (int i = 0; i < 2; ++i) {
    this->learn(this->store_created());
    this->learn(this->product_added());
  }
  EXPECT_EQ(this->find(this->tea)->price, this->eur(250));
}

TYPED_TEST_P(PortContract, OpenBasketsAreListedTheEarliestFirst) {
  const auto one = this->template id<domain::BasketId>(1);
  const auto two = this->template id<domain::BasketId>(2);
  const auto three = this->template id<domain::BasketId>(3);
  using std::chrono::minutes;
  this->add(one, this->t0 + minutes{3});
  this->add(two, this->t0 + minutes{1});
  this->add(three, this->t0 + minutes{9});
  EXPECT_EQ(this->listed_until(this->t0 + minutes{3}), (std::vector{two, one}));
  EXPECT_EQ(this->listed_until(this->t0 + minutes{3}, 1), (std::vector{two}));
  this->move(two, this->t0 + minutes{8});
  this->remove(one);
  this->move(one, this->t0 + minutes{4});
  EXPECT_EQ(this->listed_until(this->t0 + minutes{8}), (std::vector{two}));
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, AnOfferIsFoundOnceProductAndStoreAreFullyKnown, FactsMayComeInAnyOrderAndTheNewestOfEachSortHolds,
                            ARemovedProductStaysRemovedWhateverComesLate, LearningTheSameTwiceChangesNothing,
                            OpenBasketsAreListedTheEarliestFirst);

}  // namespace baskets::tests
