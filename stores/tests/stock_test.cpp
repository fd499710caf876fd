// The rules of the stock: all or nothing, never below zero, and each reservation ends once.

#include "stores/internal/domain/stock.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>
#include <set>

#include "pkg/ids/id_sources.hpp"

namespace stores::domain {
namespace {

using R = StockRejection;
using Lines = std::vector<ReservationLine>;
using Shelves = std::vector<Shelf>;

constexpr auto most = std::numeric_limits<std::int64_t>::max();

ProductId product(std::uint64_t n) { return ProductId{pkg::ids::CountingIds::nth(n)}; }
const auto tea = product(11);
const auto cup = product(12);
const auto air = product(13);

Shelf tea_with(std::int64_t on_hand, std::int64_t reserved = 0) { return {tea, "Tea", true, {on_hand, reserved}}; }
Shelf cup_with(std::int64_t on_hand, std::int64_t reserved = 0) { return {cup, "Cup", true, {on_hand, reserved}}; }
const Shelf free_air{air, "Air", true, {}};

const Reservation none{};
const Reservation three_tea{ReservationStatus::reserved, {{tea, 3}}};
const Reservation committed{ReservationStatus::committed, {{tea, 3}}};
const Reservation released{ReservationStatus::released, {{tea, 3}}};
const Reservation tombstone{ReservationStatus::released, {}};

void expect_nothing(const StockDecision& decision) {
  ASSERT_TRUE(decision) << decision.error().detail;
  EXPECT_FALSE(*decision);
}
void expect_change(const StockDecision& decision, const StockChange& change) {
  ASSERT_TRUE(decision) << decision.error().detail;
  ASSERT_TRUE(*decision);
  EXPECT_EQ(**decision, change);
}
template <class T>
StockRejected expect_rejection(const std::expected<T, StockRejected>& decision, R reason) {
  if (decision) {
    ADD_FAILURE() << "accepted; expected rejection " << static_cast<int>(reason);
    return {reason, {}};
  }
  EXPECT_EQ(static_cast<int>(decision.error().reason), static_cast<int>(reason)) << decision.error().detail;
  EXPECT_FALSE(decision.error().detail.empty()) << "a rejection tells people why";
  return decision.error();
}

TEST(ReserveStock, SetsAllItemsAsideInTheOrderOfTheirIds) {
  expect_change(reserve(none, {{cup, 1}, {tea, 3}}, {cup_with(5), tea_with(10, 2)}),
                {{ReservationStatus::reserved, {{tea, 3}, {cup, 1}}}, {{tea, {10, 5}}, {cup, {5, 1}}}});
}

TEST(ReserveStock, TakesTheLastPiece) { expect_change(reserve(none, {{tea, 3}}, {tea_with(5, 2)}), {three_tea, {{tea, {5, 5}}}}); }

TEST(ReserveStock, SumsItemsOfOneProduct) {
  expect_change(reserve(none, {{tea, 1}, {tea, 2}}, {tea_with(3)}), {three_tea, {{tea, {3, 3}}}});
  expect_rejection(reserve(none, {{tea, 1}, {tea, 2}}, {tea_with(2)}), R::out_of_stock);
}

TEST(ReserveStock, DoesNotCountWhatIsUnlimited) {
  expect_change(reserve(none, {{air, most}}, {free_air}), {{ReservationStatus::reserved, {{air, most}}}, {}});
}

TEST(ReserveStock, TakesNothingWhereOneItemIsShortAndNamesItAndWhatIsLeft) {
  const auto rejected = expect_rejection(reserve(none, {{cup, 1}, {tea, 3}}, {cup_with(5), tea_with(10, 8)}), R::out_of_stock);
  EXPECT_NE(rejected.detail.find("\"Tea\" has 2 left, 3 are wanted"), std::string::npos) << rejected.detail;
  EXPECT_EQ(rejected.detail.find("Cup"), std::string::npos) << rejected.detail;
  const auto both = expect_rejection(reserve(none, {{cup, 1}, {tea, 3}}, {cup_with(0), tea_with(2)}), R::out_of_stock);
  EXPECT_NE(both.detail.find("Cup"), std::string::npos) << both.detail;
}

TEST(ReserveStock, DoesNothingTheSecondTimeForAnOrder) {
  expect_nothing(reserve(three_tea, {{tea, 3}}, {tea_with(3, 3)}));
  expect_nothing(reserve(committed, {{tea, 3}}, {tea_with(0)}));
}

TEST(ReserveStock, IsRefusedOnceTheOrderHasGivenItsStockBack) {
  expect_rejection(reserve(released, {{tea, 1}}, {tea_with(9)}), R::reservation_ended);
  expect_rejection(reserve(tombstone, {{tea, 1}}, {tea_with(9)}), R::reservation_ended);
}

TEST(ReserveStock, IsRefusedWithItemsThatMakeNoSense) {
  expect_rejection(reserve(none, {}, {}), R::reservation_empty);
  expect_rejection(reserve(none, {{tea, 0}}, {tea_with(9)}), R::quantity_out_of_range);
  expect_rejection(reserve(none, {{tea, 2}, {tea, -1}}, {tea_with(9)}), R::quantity_out_of_range);
  expect_rejection(reserve(none, {{air, most}, {air, 1}}, {free_air}), R::quantity_out_of_range);
}

TEST(ReserveStock, IsRefusedForWhatIsNotSold) {
  auto gone = tea_with(9);
  gone.on_sale = false;
  expect_rejection(reserve(none, {{cup, 1}, {tea, 1}}, {tea_with(0)}), R::no_such_product);
  const auto rejected = expect_rejection(reserve(none, {{tea, 1}, {cup, 1}}, {gone, cup_with(0)}), R::product_removed);
  EXPECT_NE(rejected.detail.find("Tea"), std::string::npos) << rejected.detail;
}

TEST(CommitStock, TakesThePiecesOutOfTheStore) { expect_change(commit(three_tea, {tea_with(10, 5)}), {committed, {{tea, {7, 2}}}}); }

TEST(CommitStock, LeavesWhatIsUnlimited) {
  const Reservation some_air{ReservationStatus::reserved, {{air, 5}}};
  expect_change(commit(some_air, {free_air}), {{ReservationStatus::committed, {{air, 5}}}, {}});
}

TEST(CommitStock, CountsWhatWasRemovedFromSaleMeanwhile) {
  auto gone = tea_with(3, 3);
  gone.on_sale = false;
  expect_change(commit(three_tea, {gone}), {committed, {{tea, {0, 0}}}});
}

TEST(CommitStock, HappensOnceAndOnlyToWhatIsReserved) {
  expect_nothing(commit(committed, {tea_with(7)}));
  expect_rejection(commit(released, {tea_with(7)}), R::reservation_ended);
  expect_rejection(commit(none, {}), R::not_reserved);
}

TEST(ReleaseStock, GivesThePiecesBack) { expect_change(release(three_tea, {tea_with(10, 5)}), {released, {{tea, {10, 2}}}}); }

TEST(ReleaseStock, LeavesATombstoneWhereNothingWasReserved) { expect_change(release(none, {}), {tombstone, {}}); }

TEST(ReleaseStock, HappensOnceAndNotToWhatWasHandedOver) {
  expect_nothing(release(released, {tea_with(10)}));
  expect_nothing(release(tombstone, {}));
  expect_rejection(release(committed, {tea_with(10)}), R::reservation_ended);
}

TEST(Restock, AddsPieces) {
  EXPECT_EQ(restock({5, 2}, 3).value(), (Stock{8, 2}));
  EXPECT_EQ(restock({0, 0}, most).value(), (Stock{most, 0}));
}

TEST(Restock, IsRefusedWhereItMakesNoSense) {
  expect_rejection(restock({5, 0}, 0), R::quantity_out_of_range);
  expect_rejection(restock({5, 0}, -1), R::quantity_out_of_range);
  expect_rejection(restock({}, 1), R::stock_unlimited);
  expect_rejection(restock({1, 0}, most), R::stock_too_large);
}

TEST(AvailableStock, IsWhatIsNotReserved) {
  EXPECT_EQ(available({5, 2}), 3);
  EXPECT_EQ(available({}), std::nullopt);
}

TEST(Stock, KeepsItsInvariantsWhateverHappensInWhateverOrder) {
  std::mt19937 random(7);
  const auto up_to = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n + 1)); };
  std::map<ProductId, Shelf> shelves{{tea, tea_with(20)}, {cup, cup_with(5)}, {air, free_air}};
  std::map<int, Reservation> orders;
  std::int64_t handed_over = 0;
  for (int step = 0; step < 5000; ++step) {
    Shelves all;
    for (const auto& [id, shelf] : shelves) all.push_back(shelf);
    auto& order = orders[up_to(400)];
    const auto before = order.status;
    const int what = up_to(3);
    const auto decision = what < 2    ? reserve(order, {{tea, 1 + up_to(3)}, {cup, 1 + up_to(1)}, {air, 1}}, all)
                          : what == 2 ? commit(order, all)
                                      : release(order, all);
    if (!decision || !*decision) continue;
    EXPECT_TRUE(before == ReservationStatus::none || before == ReservationStatus::reserved) << "a reservation ends once";
    order = (*decision)->reservation;
    for (const auto& [id, stock] : (*decision)->levels) shelves[id].stock = stock;
    if (order.status == ReservationStatus::committed) handed_over += order.lines.front().quantity;
    std::int64_t set_aside = 0;
    for (const auto& [n, other] : orders) {
      if (other.status == ReservationStatus::reserved) set_aside += other.lines.front().quantity;
    }
    EXPECT_EQ(shelves[tea].stock.reserved, set_aside);
    EXPECT_EQ(*shelves[tea].stock.on_hand, 20 - handed_over);
    for (const auto& id : {tea, cup}) EXPECT_GE(*available(shelves[id].stock), 0);
  }
}

TEST(StockRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::stock_too_large); ++reason) {
    const auto error = to_error({static_cast<R>(reason), "Why."});
    EXPECT_EQ(error.detail, "Why.");
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
  EXPECT_TRUE(pkg::errors::is_retryable(to_error({R::not_reserved, ""}).kind)) << "the reservation may still be on its way";
}

}  // namespace
}  // namespace stores::domain
