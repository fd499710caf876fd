// The use cases of baskets on fakes: what is stored, told and asked.

#include "baskets/internal/app/app.hpp"

#include <gtest/gtest.h>

#include "baskets/tests/fakes.hpp"
#include "baskets/tests/port_contracts.hpp"
#include "pkg/es/memory_event_store.hpp"

namespace baskets::tests {
namespace {

using namespace std::chrono_literals;

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::OfferCache& offers() { return offers_; }
  app::OpenBaskets& open_baskets() { return open_baskets_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryOfferCache offers_;
  MemoryOpenBaskets open_baskets_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Baskets : public ::testing::Test {
 protected:
  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  pkg::es::MemoryEventStore<domain::Basket> store;
  MemoryOpenBaskets open_baskets;
  MemoryOfferCache offers;
  FakeCatalog catalog;
  RecordedNews news;
  app::Application app{{transactor, store, open_baskets, offers, catalog, news, clock}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::BasketId basket = id<domain::BasketId>(1);
  const domain::UserId ann = id<domain::UserId>(2);
  const domain::UserId bob = id<domain::UserId>(3);
  const domain::ProductId tea = id<domain::ProductId>(11);
  const domain::StoreId north = id<domain::StoreId>(21);
  const domain::PaymentId card = id<domain::PaymentId>(31);

  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }
  app::Catalog::Entry tea_in_catalog(std::int64_t cents = 250) {
    return {{tea, north, "Tea", eur(cents), false, 1}, {north, "North", true, 2}};
  }
  void know(const app::ProductFact& fact) {
    ASSERT_TRUE(transactor.run(cause, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      offers.learn(unit, fact);
      return {};
    }));
  }
  void start_with_tea(int quantity = 2) {
    catalog.entries[tea] = tea_in_catalog();
    ASSERT_TRUE(app.start_basket(cause, {basket, ann}));
    ASSERT_TRUE(app.add_item(cause, {basket, ann, tea, quantity, {}}));
  }
};

TEST_F(Baskets, AnUnknownProductIsAskedForOnceAndThenRemembered) {
  start_with_tea();
  EXPECT_EQ(catalog.asked, 1);
  const auto changed = app.add_item(cause, {basket, ann, tea, 1, {}});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->state.items.at(0).quantity, 3);
  EXPECT_EQ(catalog.asked, 1);
}

TEST_F(Baskets, AProductThatStoresDoesNotKnowIsNotSold) {
  ASSERT_TRUE(app.start_basket(cause, {basket, ann}));
  EXPECT_EQ(app.add_item(cause, {basket, ann, tea, 1, {}}).error().code, "product_not_sold");
}

TEST_F(Baskets, AnUnknownProductCannotBeAddedWhileStoresIsAwayButAKnownOneCan) {
  ASSERT_TRUE(app.start_basket(cause, {basket, ann}));
  catalog.is_away = true;
  EXPECT_EQ(app.add_item(cause, {basket, ann, tea, 1, {}}).error().kind, pkg::errors::ErrorKind::unavailable);
  catalog.is_away = false;
  catalog.entries[tea] = tea_in_catalog();
  ASSERT_TRUE(app.add_item(cause, {basket, ann, tea, 1, {}}));
  catalog.is_away = true;
  EXPECT_TRUE(app.add_item(cause, {basket, ann, tea, 1, {}}));
}

TEST_F(Baskets, StoresIsNotAskedForTheSakeOfARejection) {
  catalog.entries[tea] = tea_in_catalog();
  ASSERT_TRUE(app.start_basket(cause, {basket, ann}));
  EXPECT_EQ(app.add_item(cause, {basket, bob, tea, 1, {}}).error().code, "not_your_basket");
  EXPECT_EQ(catalog.asked, 0);
}

TEST_F(Baskets, ACheckoutIsToldWithItsVersionAndTheBasketIsNotOpenAnyMore) {
  start_with_tea();
  const auto done = app.check_out_basket(cause, {basket, ann, card, {}});
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(done->version, 3u);
  ASSERT_EQ(news.told.size(), 3u);
  EXPECT_EQ(news.told.back().version, 3u);
  EXPECT_EQ(news.told.back().event, domain::BasketEvent(domain::BasketCheckedOut{card, clock.now()}));
  clock.advance(1h);
  EXPECT_EQ(app.expire_baskets(cause, 1min, 10), 0);
}

TEST_F(Baskets, ACheckoutAfterAPriceChangeIsRefusedUntilRepriced) {
  start_with_tea();
  know({tea, {}, {}, eur(275), false, 2});
  EXPECT_EQ(app.check_out_basket(cause, {basket, ann, card, {}}).error().code, "price_changed");
  const auto repriced = app.reprice_basket(cause, {basket, ann, {}});
  ASSERT_TRUE(repriced);
  EXPECT_EQ(total(repriced->state), eur(550));
  EXPECT_TRUE(app.check_out_basket(cause, {basket, ann, card, {}}));
}

TEST_F(Baskets, AnOfferThatIsRememberedIsTakenAndNothingIsRefusedOnItAlone) {
  start_with_tea();
  offers.known = domain::Offer{tea, north, "Tea", "North", eur(240)};
  EXPECT_EQ(total(app.add_item(cause, {basket, ann, tea, 1, {}})->state), eur(720)) << "its price is the one of all its line";
  EXPECT_EQ(app.check_out_basket(cause, {basket, ann, card, {}}).error().code, "price_changed") << "whoever checks out looks";
  offers.known->participating = false;
  EXPECT_TRUE(app.add_item(cause, {basket, ann, tea, 1, {}}));
  offers.known = domain::Offer{tea, north, "Tea", "North", eur(240), false};
  EXPECT_TRUE(app.add_item(cause, {basket, ann, tea, 1, {}}));
}

TEST_F(Baskets, ARefusedCommandStoresAndTellsNothing) {
  start_with_tea();
  const auto told = news.told.size();
  EXPECT_FALSE(app.check_out_basket(cause, {basket, bob, card, {}}));
  EXPECT_EQ(news.told.size(), told);
  EXPECT_EQ(app.get_basket(cause, {basket, ann})->version, 2u);
}

TEST_F(Baskets, AChangeOfAnotherVersionThanTheCallerSawIsStale) {
  start_with_tea();
  EXPECT_EQ(app.remove_item(cause, {basket, ann, tea, 1, 1}).error().kind, pkg::errors::ErrorKind::stale);
  EXPECT_TRUE(app.remove_item(cause, {basket, ann, tea, 1, 2}));
}

TEST_F(Baskets, OnlyTheOwnerSeesABasket) {
  start_with_tea();
  EXPECT_TRUE(app.get_basket(cause, {basket, ann}));
  EXPECT_EQ(app.get_basket(cause, {basket, bob}).error().code, "not_your_basket");
  EXPECT_EQ(app.get_basket(cause, {id<domain::BasketId>(99), ann}).error().code, "no_such_basket");
}

TEST_F(Baskets, UntouchedBasketsExpireAndTheOthersStay) {
  start_with_tea();
  clock.advance(10min);
  const auto other = id<domain::BasketId>(5);
  ASSERT_TRUE(app.start_basket(cause, {other, ann}));
  EXPECT_EQ(app.expire_baskets(cause, 10min, 10), 1);
  EXPECT_EQ(app.get_basket(cause, {basket, ann})->state.status, domain::BasketStatus::canceled);
  EXPECT_EQ(app.get_basket(cause, {other, ann})->state.status, domain::BasketStatus::open);
  EXPECT_EQ(news.told.back().event, domain::BasketEvent(domain::BasketExpired{clock.now()}));
  EXPECT_EQ(app.expire_baskets(cause, 10min, 10), 0);
}

TEST_F(Baskets, ABasketThatWasTouchedStaysForALifetimeFromThen) {
  start_with_tea();
  clock.advance(9min);
  ASSERT_TRUE(app.add_item(cause, {basket, ann, tea, 1, {}}));
  clock.advance(9min);
  EXPECT_EQ(app.expire_baskets(cause, 10min, 10), 1) << "it is looked at";
  EXPECT_EQ(app.get_basket(cause, {basket, ann})->state.status, domain::BasketStatus::open);
  EXPECT_EQ(app.expire_baskets(cause, 10min, 10), 0) << "and not again before its time";
  clock.advance(1min);
  EXPECT_EQ(app.expire_baskets(cause, 10min, 10), 1);
  EXPECT_EQ(app.get_basket(cause, {basket, ann})->state.status, domain::BasketStatus::canceled);
}

TEST_F(Baskets, CancelingIsToldOnce) {
  start_with_tea();
  ASSERT_TRUE(app.cancel_basket(cause, {basket, ann, {}}));
  const auto told = news.told.size();
  ASSERT_TRUE(app.cancel_basket(cause, {basket, ann, {}}));
  EXPECT_EQ(news.told.size(), told);
}

}  // namespace
}  // namespace baskets::tests
