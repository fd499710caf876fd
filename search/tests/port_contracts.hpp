#pragma once
// What every OrderHistory promises; the fake and the PostgreSQL adapter both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::OrderHistory& orders();

#include <gtest/gtest.h>

#include "search/internal/app/ports.hpp"
#include "search/tests/samples.hpp"

namespace search::tests {

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
  static constexpr auto minute = std::chrono::minutes{1};
  const domain::UserId ann = id<domain::UserId>(1);
  const domain::UserId bob = id<domain::UserId>(2);
  const domain::ProductId tea = id<domain::ProductId>(11);
  const domain::ProductId jam = id<domain::ProductId>(12);
  const domain::StoreId north = id<domain::StoreId>(21);
  const domain::StoreId south = id<domain::StoreId>(22);
  static domain::OrderId order(std::uint64_t n) { return id<domain::OrderId>(100 + n); }

  template <class Fact>
  void learn(const Fact& fact) {
    const auto done = ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      ports.orders().learn(unit, fact);
      return {};
    });
    ASSERT_TRUE(done) << done.error().code;
  }
  std::optional<app::FoundOrder> find(const domain::OrderId& wanted) {
    const auto found = ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.orders().find(unit, wanted); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(std::nullopt);
  }
  pkg::errors::Result<pkg::paging::Slice<app::FoundOrder>> list(const app::OrderQuery& query) {
    return ports.transactor().run_for({}, [&](pkg::uow::UnitOfWork& unit) { return ports.orders().list(unit, query); });
  }
  /// The numbers of the orders found.
  std::vector<int> numbers(const app::OrderQuery& query) {
    const auto found = list(query);
    EXPECT_TRUE(found) << found.error().code;
    std::vector<int> numbers;
    if (!found) return numbers;
    for (const auto& each : found->items) numbers.push_back(number_of(each.id));
    return numbers;
  }
  static int number_of(const domain::OrderId& wanted) {
    for (int n = 0; n < 100; ++n) {
      if (order(static_cast<std::uint64_t>(n)) == wanted) return n;
    }
    return -1;
  }
  app::OrderQuery of(const domain::UserId& user) {
    app::OrderQuery query;
    query.user = user;
    return query;
  }

  /// Two teas of north for ann, made `n` minutes after t0, unless said otherwise.
  app::OrderFact created(std::uint64_t n, std::vector<app::OrderedItem> items = {}) {
    if (items.empty()) items = {{tea, north, "Tea", "North", eur(250), 2}};
    std::int64_t total = 0;
    for (const auto& item : items) total += item.price.minor_units() * item.quantity;
    return {order(n), app::OrderFact::Contents{ann, std::move(items), eur(total), t0 + n * minute}, domain::OrderStatus::pending, 1};
  }
  app::OrderFact stands(std::uint64_t n, domain::OrderStatus status, domain::Version version) { return {order(n), {}, status, version}; }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, AnOrderIsShownAsItWasMadeWithTheNameOfWhoMadeIt) {
  this->learn(
      this->created(1, {{this->tea, this->north, "Tea", "North", eur(250), 2}, {this->jam, this->south, "Jam", "South", eur(300), 1}}));
  auto found = this->find(this->order(1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->username, "");
  this->learn(app::UserFact{this->ann, "ann"});
  this->learn(app::UserFact{this->ann, "ann"});
  found = this->find(this->order(1));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->username, "ann");
  EXPECT_EQ(found->user, this->ann);
  EXPECT_EQ(found->total, eur(800));
  EXPECT_EQ(found->created_at, this->t0 + this->minute);
  EXPECT_EQ(found->status, domain::OrderStatus::pending);
  ASSERT_EQ(found->items.size(), 2u);
  EXPECT_EQ(found->items[0], (app::OrderedItem{this->tea, this->north, "Tea", "North", eur(250), 2}));
  EXPECT_EQ(found->items[1].product_name, "Jam");
  EXPECT_FALSE(this->find(this->order(2)));
}

TYPED_TEST_P(PortContract, TheStatusIsTheNewestWhateverTheOrderInWhichItIsHeard) {
  using domain::OrderStatus;
  this->learn(this->stands(1, OrderStatus::ready, 3));
  EXPECT_FALSE(this->find(this->order(1))) << "what was ordered is not known yet";
  EXPECT_TRUE(this->numbers(this->of(this->ann)).empty());
  this->learn(this->created(1));
  ASSERT_TRUE(this->find(this->order(1)));
  EXPECT_EQ(this->find(this->order(1))->status, OrderStatus::ready);
  this->learn(this->stands(1, OrderStatus::approved, 2));
  EXPECT_EQ(this->find(this->order(1))->status, OrderStatus::ready);
  this->learn(this->stands(1, OrderStatus::completed, 4));
  this->learn(this->created(1));
  const auto found = this->find(this->order(1));
  EXPECT_EQ(found->status, OrderStatus::completed);
  EXPECT_EQ(found->items.size(), 1u);
}

TYPED_TEST_P(PortContract, OrdersAreFilteredByEverythingAtOnceAndTheNewestComesFirst) {
  using Numbers = std::vector<int>;
  this->learn(this->created(1));
  this->learn(this->created(2, {{this->jam, this->south, "Jam", "South", eur(300), 1}}));
  this->learn(
      this->created(3, {{this->tea, this->north, "Tea", "North", eur(250), 1}, {this->jam, this->south, "Jam", "South", eur(300), 1}}));
  this->learn(this->stands(2, domain::OrderStatus::approved, 2));
  const auto expect = [this](auto narrow, const Numbers& expected, const char* what) {
    auto query = this->of(this->ann);
    narrow(query);
    EXPECT_EQ(this->numbers(query), expected) << what;
  };
  expect([](auto&) {}, {3, 2, 1}, "all");
  expect([this](auto& q) { q.user = this->bob; }, {}, "somebody else's");
  expect([this](auto& q) { q.after = this->t0 + 2 * this->minute; }, {3, 2}, "after");
  expect([this](auto& q) { q.before = this->t0 + 2 * this->minute; }, {1}, "before");
  expect([this](auto& q) { q.stores = {this->south}; }, {3, 2}, "store");
  expect([this](auto& q) { q.stores = {this->south, this->north}; }, {3, 2, 1}, "any store");
  expect([this](auto& q) { q.products = {this->tea}; }, {3, 1}, "product");
  expect([](auto& q) { q.products = {id<domain::ProductId>(99)}; }, {}, "unknown product");
  expect([](auto& q) { q.min_total = 500; }, {3, 1}, "at least");
  expect([](auto& q) { q.max_total = 500; }, {2, 1}, "at most");
  expect([](auto& q) { q.status = domain::OrderStatus::approved; }, {2}, "status");
  expect(
      [this](auto& q) {
        q.products = {this->tea};
        q.min_total = 500;
        q.before = this->t0 + 3 * this->minute;
      },
      {1}, "several");
}

TYPED_TEST_P(PortContract, PagesNeitherRepeatNorSkipWhileOrdersAreMade) {
  for (std::uint64_t n = 1; n <= 5; ++n) this->learn(this->created(n));
  auto query = this->of(this->ann);
  query.page.size = 2;
  std::vector<int> seen;
  for (std::uint64_t n = 0; n < 5; ++n) {
    const auto page = this->list(query);
    ASSERT_TRUE(page);
    for (const auto& found : page->items) seen.push_back(this->number_of(found.id));
    if (page->next.empty()) break;
    query.page.after = page->next;
    this->learn(this->created(10 + n));
  }
  EXPECT_EQ(seen, (std::vector<int>{5, 4, 3, 2, 1}));
}

TYPED_TEST_P(PortContract, ACursorOfSomethingElseIsRefused) {
  auto query = this->of(this->ann);
  query.page.after = {"tea", "pot"};
  const auto refused = this->list(query);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "malformed_page_token");
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, AnOrderIsShownAsItWasMadeWithTheNameOfWhoMadeIt,
                            TheStatusIsTheNewestWhateverTheOrderInWhichItIsHeard, OrdersAreFilteredByEverythingAtOnceAndTheNewestComesFirst,
                            PagesNeitherRepeatNorSkipWhileOrdersAreMade, ACursorOfSomethingElseIsRefused);

}  // namespace search::tests
