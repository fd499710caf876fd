// The rules of a basket: given what has happened, when somebody does something, then this happens or is refused.

#include "baskets/internal/domain/basket.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "pkg/es/testing/given_when_then.hpp"
#include "pkg/ids/id_sources.hpp"

namespace baskets::domain {
namespace {

using pkg::es::testing::Given;
using R = BasketRejection;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
constexpr auto t1 = t0 + std::chrono::minutes{5};

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

const auto ann = id<UserId>(1);
const auto bob = id<UserId>(2);
const auto tea = id<ProductId>(11);
const auto cup = id<ProductId>(12);
const auto north = id<StoreId>(21);
const auto south = id<StoreId>(22);
const auto card = id<PaymentId>(31);

pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }
pkg::money::Money usd(std::int64_t cents) { return {*pkg::money::Currency::parse("USD"), cents}; }

Offer tea_at(pkg::money::Money price) { return {tea, north, "Tea", "North", price}; }
Offer cup_at(pkg::money::Money price) { return {cup, south, "Cup", "South", price}; }
Offer not_sold(Offer offer) {
  offer.sold = false;
  return offer;
}
Offer away(Offer offer) {
  offer.participating = false;
  return offer;
}

const BasketEvent started = BasketStarted{ann, t0};
BasketEvent added(const Offer& offer, int quantity) {
  return ItemAdded{offer.product, offer.store, offer.product_name, offer.store_name, offer.price, quantity, t0};
}
BasketEvent added_now(const Offer& offer, int quantity) {
  return ItemAdded{offer.product, offer.store, offer.product_name, offer.store_name, offer.price, quantity, t1};
}

const Actor ann_now{ann, t1};
const Actor bob_now{bob, t1};

auto start_by(const Actor& actor) {
  return [=](const Basket& b) { return start(b, actor); };
}
auto add_by(const Actor& actor, std::optional<Offer> offer, int quantity) {
  return [=](const Basket& b) { return add_item(b, actor, offer, quantity); };
}
auto remove_by(const Actor& actor, ProductId product, std::optional<int> quantity) {
  return [=](const Basket& b) { return remove_item(b, actor, product, quantity); };
}
auto reprice_by(const Actor& actor, std::vector<Offer> offers) {
  return [=](const Basket& b) { return reprice(b, actor, offers); };
}
auto check_out_by(const Actor& actor, std::vector<Offer> offers, std::optional<PaymentId> payment = card) {
  return [=](const Basket& b) { return check_out(b, actor, offers, payment); };
}
auto cancel_by(const Actor& actor) {
  return [=](const Basket& b) { return cancel(b, actor); };
}

TEST(StartBasket, BelongsToWhoeverStartedIt) { Given<Basket>{}.when(start_by(ann_now)).then({BasketStarted{ann, t1}}); }

TEST(StartBasket, IsRefusedTheSecondTime) { Given<Basket>{started}.when(start_by(ann_now)).rejects(R::basket_not_open); }

TEST(AddItem, CapturesThePrice) {
  Given<Basket>{started}.when(add_by(ann_now, tea_at(eur(250)), 2)).then({added_now(tea_at(eur(250)), 2)});
}

TEST(AddItem, AddsUpQuantitiesOfTheSameProductAndTakesTheLatestPriceForAll) {
  const auto basket = Given<Basket>{started, added(tea_at(eur(250)), 2), added(tea_at(eur(260)), 3)}.state();
  ASSERT_EQ(basket.items.size(), 1u);
  EXPECT_EQ(basket.items.front().quantity, 5);
  EXPECT_EQ(total(basket), eur(1300));
}

TEST(AddItem, IsRefusedWhereThereIsNoBasket) { Given<Basket>{}.when(add_by(ann_now, tea_at(eur(1)), 1)).rejects(R::no_such_basket); }

TEST(AddItem, IsRefusedToAnybodyButTheOwner) {
  Given<Basket>{started}.when(add_by(bob_now, tea_at(eur(1)), 1)).rejects(R::not_your_basket);
}

TEST(AddItem, IsRefusedOnceTheBasketIsNotOpen) {
  Given<Basket>{started, added(tea_at(eur(1)), 1), BasketCheckedOut{card, t0}}
      .when(add_by(ann_now, tea_at(eur(1)), 1))
      .rejects(R::basket_not_open);
  Given<Basket>{started, BasketCanceled{t0}}.when(add_by(ann_now, tea_at(eur(1)), 1)).rejects(R::basket_not_open);
  Given<Basket>{started, BasketExpired{t0}}.when(add_by(ann_now, tea_at(eur(1)), 1)).rejects(R::basket_not_open);
}

TEST(AddItem, TakesFrom1To999PiecesPerLine) {
  const Given<Basket> open{started};
  for (int quantity : {std::numeric_limits<int>::min(), -1, 0, 1000, std::numeric_limits<int>::max()}) {
    open.when(add_by(ann_now, tea_at(eur(1)), quantity)).rejects(R::quantity_out_of_range);
  }
  open.when(add_by(ann_now, tea_at(eur(1)), 999)).then({added_now(tea_at(eur(1)), 999)});
  Given<Basket>{started, added(tea_at(eur(1)), 998)}.when(add_by(ann_now, tea_at(eur(1)), 1)).then({added_now(tea_at(eur(1)), 1)});
  Given<Basket>{started, added(tea_at(eur(1)), 998)}.when(add_by(ann_now, tea_at(eur(1)), 2)).rejects(R::quantity_out_of_range);
}

TEST(AddItem, IsRefusedForAProductThatIsNotSold) {
  Given<Basket>{started}.when(add_by(ann_now, std::nullopt, 1)).rejects(R::product_not_sold);
  Given<Basket>{started}.when(add_by(ann_now, not_sold(tea_at(eur(1))), 1)).rejects(R::product_not_sold);
}

TEST(AddItem, IsRefusedWhileTheStoreDoesNotParticipate) {
  Given<Basket>{started}.when(add_by(ann_now, away(tea_at(eur(1))), 1)).rejects(R::store_not_participating);
}

TEST(AddItem, IsRefusedInASecondCurrency) {
  Given<Basket>{started, added(tea_at(eur(1)), 1)}.when(add_by(ann_now, cup_at(usd(1)), 1)).rejects(R::currency_mismatch);
}

TEST(AddItem, IsRefusedWhereTheTotalWouldOverflow) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  Given<Basket>{started}.when(add_by(ann_now, tea_at(eur(most)), 2)).rejects(R::total_too_large);
  Given<Basket>{started, added(tea_at(eur(most)), 1)}.when(add_by(ann_now, cup_at(eur(1)), 1)).rejects(R::total_too_large);
}

TEST(RemoveItem, TakesOutSomeAndTheLineGoesAtZero) {
  const Given<Basket> three{started, added(tea_at(eur(250)), 3)};
  three.when(remove_by(ann_now, tea, 2)).then({ItemRemoved{tea, 2, t1}});
  three.when(remove_by(ann_now, tea, {})).then({ItemRemoved{tea, 3, t1}});
  EXPECT_EQ((Given<Basket>{started, added(tea_at(eur(250)), 3), ItemRemoved{tea, 2, t0}}.state().items.at(0).quantity), 1);
  EXPECT_TRUE((Given<Basket>{started, added(tea_at(eur(250)), 3), ItemRemoved{tea, 3, t0}}.state().items.empty()));
}

TEST(RemoveItem, IsRefusedForMoreThanThereIs) {
  for (int quantity : {-1, 0, 4}) {
    Given<Basket>{started, added(tea_at(eur(250)), 3)}.when(remove_by(ann_now, tea, quantity)).rejects(R::quantity_out_of_range);
  }
}

TEST(RemoveItem, IsRefusedForWhatIsNotInIt) {
  Given<Basket>{started, added(tea_at(eur(250)), 3)}.when(remove_by(ann_now, cup, 1)).rejects(R::item_not_in_basket);
}

TEST(RemoveItem, IsForTheOwnerOfAnOpenBasket) {
  Given<Basket>{}.when(remove_by(ann_now, tea, 1)).rejects(R::no_such_basket);
  Given<Basket>{started, added(tea_at(eur(1)), 1)}.when(remove_by(bob_now, tea, 1)).rejects(R::not_your_basket);
  Given<Basket>{started, BasketCanceled{t0}}.when(remove_by(ann_now, tea, 1)).rejects(R::basket_not_open);
}

TEST(RepriceBasket, TakesOverThePricesThatChanged) {
  const Given<Basket> two{started, added(tea_at(eur(250)), 1), added(cup_at(eur(900)), 1)};
  two.when(reprice_by(ann_now, {tea_at(eur(275)), cup_at(eur(900))})).then({ItemRepriced{tea, eur(275), t1}});
  two.when(reprice_by(ann_now, {tea_at(eur(250)), cup_at(eur(900))})).then({});
}

TEST(RepriceBasket, IsRefusedWhereSomethingIsNotSoldAnyMore) {
  const Given<Basket> one{started, added(tea_at(eur(250)), 1)};
  one.when(reprice_by(ann_now, {})).rejects(R::product_not_sold);
  one.when(reprice_by(ann_now, {not_sold(tea_at(eur(250)))})).rejects(R::product_not_sold);
  one.when(reprice_by(ann_now, {away(tea_at(eur(250)))})).rejects(R::store_not_participating);
  one.when(reprice_by(bob_now, {tea_at(eur(250))})).rejects(R::not_your_basket);
}

TEST(CheckOutBasket, NamesThePayment) {
  Given<Basket>{started, added(tea_at(eur(250)), 2)}.when(check_out_by(ann_now, {tea_at(eur(250))})).then({BasketCheckedOut{card, t1}});
}

TEST(CheckOutBasket, NeedsAnItem) {
  Given<Basket>{started}.when(check_out_by(ann_now, {})).rejects(R::basket_empty);
  Given<Basket>{started, added(tea_at(eur(250)), 2), ItemRemoved{tea, 2, t0}}.when(check_out_by(ann_now, {})).rejects(R::basket_empty);
}

TEST(CheckOutBasket, NeedsAPayment) {
  Given<Basket>{started, added(tea_at(eur(250)), 2)}
      .when(check_out_by(ann_now, {tea_at(eur(250))}, std::nullopt))
      .rejects(R::payment_required);
}

TEST(CheckOutBasket, IsRejectedWhenAPriceHasChangedAndNamesOldAndNew) {
  const auto rejected =
      Given<Basket>{started, added(tea_at(eur(250)), 2)}.when(check_out_by(ann_now, {tea_at(eur(275))})).rejects(R::price_changed);
  EXPECT_NE(rejected.detail.find("EUR 250"), std::string::npos) << rejected.detail;
  EXPECT_NE(rejected.detail.find("EUR 275"), std::string::npos) << rejected.detail;
}

TEST(CheckOutBasket, SucceedsWithTheNewPriceAfterReprice) {
  Given<Basket>{started, added(tea_at(eur(250)), 2), ItemRepriced{tea, eur(275), t0}}
      .when(check_out_by(ann_now, {tea_at(eur(275))}))
      .then({BasketCheckedOut{card, t1}});
}

TEST(CheckOutBasket, IsRefusedWhereAnItemCannotBeBoughtAnyMore) {
  const Given<Basket> one{started, added(tea_at(eur(250)), 1)};
  one.when(check_out_by(ann_now, {})).rejects(R::product_not_sold);
  one.when(check_out_by(ann_now, {not_sold(tea_at(eur(250)))})).rejects(R::product_not_sold);
  one.when(check_out_by(ann_now, {away(tea_at(eur(250)))})).rejects(R::store_not_participating);
}

TEST(CheckOutBasket, IsForTheOwnerOfAnOpenBasketAndHappensOnce) {
  Given<Basket>{}.when(check_out_by(ann_now, {})).rejects(R::no_such_basket);
  Given<Basket>{started, added(tea_at(eur(1)), 1)}.when(check_out_by(bob_now, {tea_at(eur(1))})).rejects(R::not_your_basket);
  Given<Basket>{started, added(tea_at(eur(1)), 1), BasketCheckedOut{card, t0}}
      .when(check_out_by(ann_now, {tea_at(eur(1))}))
      .rejects(R::basket_not_open);
}

TEST(CancelBasket, EndsAnOpenBasketAndDoesNothingToACanceledOne) {
  Given<Basket>{started}.when(cancel_by(ann_now)).then({BasketCanceled{t1}});
  Given<Basket>{started, BasketCanceled{t0}}.when(cancel_by(ann_now)).then({});
  Given<Basket>{started, BasketExpired{t0}}.when(cancel_by(ann_now)).then({});
}

TEST(CancelBasket, IsRefusedToOthersAndAfterCheckout) {
  Given<Basket>{}.when(cancel_by(ann_now)).rejects(R::no_such_basket);
  Given<Basket>{started}.when(cancel_by(bob_now)).rejects(R::not_your_basket);
  Given<Basket>{started, BasketCanceled{t0}}.when(cancel_by(bob_now)).rejects(R::not_your_basket);
  Given<Basket>{started, added(tea_at(eur(1)), 1), BasketCheckedOut{card, t0}}.when(cancel_by(ann_now)).rejects(R::basket_not_open);
}

TEST(ExpireBasket, EndsOnlyAnOpenBasketThatNobodyTouchedForItsLifetime) {
  const auto lifetime = std::chrono::minutes{5};
  EXPECT_EQ(expire(Given<Basket>{started}.state(), t1, lifetime), (std::vector<BasketEvent>{BasketExpired{t1}}));
  EXPECT_TRUE(expire(Given<Basket>{started}.state(), t1 - std::chrono::microseconds{1}, lifetime).empty());
  EXPECT_TRUE(expire(Given<Basket>{started, BasketCanceled{t0}}.state(), t1, lifetime).empty());
  EXPECT_TRUE(expire(Basket{}, t1, lifetime).empty());
}

TEST(BasketTotal, IsTheSumOfTheLinesAndNothingWhileEmpty) {
  EXPECT_EQ(total(Given<Basket>{started}.state()), std::nullopt);
  EXPECT_EQ(total(Given<Basket>{started, added(tea_at(eur(250)), 2), added(cup_at(eur(900)), 1)}.state()), eur(1400));
}

TEST(BasketRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::price_changed); ++reason) {
    const auto error = to_error({static_cast<R>(reason), "Why."});
    EXPECT_EQ(error.detail, "Why.");
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
}

}  // namespace
}  // namespace baskets::domain
