#pragma once
// What every store of depot promises; the fakes and the PostgreSQL adapters both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::ShoppingListStore& lists();  app::BotStore& bots();  app::StoreCache& stores();

#include <gtest/gtest.h>

#include <array>

#include "depot/internal/app/ports.hpp"
#include "pkg/ids/id_sources.hpp"

namespace depot::tests {

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  using Status = domain::ShoppingListStatus;
  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  const domain::StoreId north = id<domain::StoreId>(21);

  domain::ShoppingList list(std::uint64_t n, Status status, std::chrono::seconds age = {}) {
    domain::ShoppingList list;
    list.id = id<domain::ShoppingListId>(n);
    list.order = id<domain::OrderId>(100 + n);
    list.status = status;
    list.stops = {{north, "North", "Hall 1", {{id<domain::ProductId>(11), "Tea", 2}, {id<domain::ProductId>(12), "Cup", 1}}}};
    list.created_at = t0 - age;
    if (status == Status::assigned || status == Status::completed) {
      list.bot = id<domain::BotId>(50);
      list.due_at = t0 + std::chrono::seconds{n};
    }
    return list;
  }
  domain::Bot bot(std::uint64_t n, const std::string& name) {
    return *domain::register_bot(id<domain::BotId>(n), name, false, t0 + std::chrono::seconds{n});
  }

  template <class Work>
  pkg::errors::Result<> run(Work work) {
    return ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      work(unit);
      return {};
    });
  }
  void save(const domain::ShoppingList& list) {
    const auto done = run([&](auto& unit) { ports.lists().save(unit, list); });
    ASSERT_TRUE(done) << done.error().code;
  }
  void save(const domain::Bot& bot) {
    const auto done = run([&](auto& unit) { ports.bots().save(unit, bot); });
    ASSERT_TRUE(done) << done.error().code;
  }
  /// Gives a bot a list that is due n seconds after t0; neither has been saved.
  void assign(const domain::ShoppingList& list, const domain::Bot& bot, std::uint64_t n) {
    const auto made = domain::assign(list, bot, t0 + std::chrono::seconds{n});
    ASSERT_TRUE(made);
    save(made->list.state);
    save(made->bot);
  }
  void learn(const app::StoreFact& fact) {
    const auto done = run([&](auto& unit) { ports.stores().learn(unit, fact); });
    ASSERT_TRUE(done) << done.error().code;
  }
  template <class Read>
  auto read(Read read_it) {
    auto got = ports.transactor().run_for({}, read_it);
    EXPECT_TRUE(got) << got.error().code << ": " << got.error().detail;
    return std::move(*got);
  }
  static std::vector<std::uint64_t> numbers(const std::vector<domain::ShoppingList>& lists) {
    std::vector<std::uint64_t> found;
    for (const auto& list : lists) {
      for (std::uint64_t n = 1; n < 20; ++n) {
        if (list.id == id<domain::ShoppingListId>(n)) found.push_back(n);
      }
    }
    return found;
  }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, AListIsFoundByItsIdAndItsOrderAsItWasSaved) {
  auto list = this->list(1, TestFixture::Status::assigned);
  this->save(list);
  list.version = 1;
  EXPECT_EQ(this->read([&](auto& unit) { return this->ports.lists().load(unit, list.id); }), list);
  EXPECT_EQ(this->read([&](auto& unit) { return this->ports.lists().load_of(unit, list.order); }), list);
  const auto none = this->read([&](auto& unit) { return this->ports.lists().load(unit, this->template id<domain::ShoppingListId>(9)); });
  EXPECT_EQ(none.status, TestFixture::Status::none);
}

TYPED_TEST_P(PortContract, ASaveOfAnOldVersionIsContended) {
  auto list = this->list(1, TestFixture::Status::pending);
  this->save(list);
  EXPECT_EQ(this->run([&](auto& unit) { this->ports.lists().save(unit, list); }).error().kind, pkg::errors::ErrorKind::contended);
  list.version = 1;
  list.status = TestFixture::Status::available;
  this->save(list);
  EXPECT_EQ(this->run([&](auto& unit) { this->ports.lists().save(unit, list); }).error().kind, pkg::errors::ErrorKind::contended);
  EXPECT_EQ(this->read([&](auto& unit) { return this->ports.lists().load(unit, list.id); }).version, 2u);
}

TYPED_TEST_P(PortContract, AnOrderHasOneList) {
  this->save(this->list(1, TestFixture::Status::pending));
  auto second = this->list(2, TestFixture::Status::pending);
  second.order = this->list(1, TestFixture::Status::pending).order;
  EXPECT_EQ(this->run([&](auto& unit) { this->ports.lists().save(unit, second); }).error().kind, pkg::errors::ErrorKind::contended);
}

TYPED_TEST_P(PortContract, ListsArePagedNewestFirstAndFiltered) {
  using std::chrono::seconds;
  using S = typename TestFixture::Status;
  this->save(this->list(1, S::pending, seconds{30}));
  this->save(this->list(2, S::available, seconds{10}));
  this->save(this->list(3, S::available, seconds{20}));
  this->save(this->list(4, S::canceled, seconds{10}));
  const auto page = [&](app::ListFilter filter, int size, pkg::paging::Cursor after = {}) {
    return this->read([&](auto& unit) { return this->ports.lists().list(unit, filter, {size, after}); });
  };
  const auto newest = page({}, 3);
  EXPECT_EQ(this->numbers(newest.items), (std::vector<std::uint64_t>{4, 2, 3}));
  const auto rest = page({}, 3, newest.next);
  EXPECT_EQ(this->numbers(rest.items), (std::vector<std::uint64_t>{1}));
  EXPECT_TRUE(rest.next.empty());
  EXPECT_EQ(this->numbers(page({.order = {}, .status = S::available}, 9).items), (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(this->numbers(page({.order = {}, .status = S::canceled}, 9).items), (std::vector<std::uint64_t>{4}));
  EXPECT_TRUE(page({.order = {}, .status = S::completed}, 9).items.empty());
  EXPECT_EQ(this->numbers(page({.order = this->list(4, S::none).order, .status = {}}, 9).items), (std::vector<std::uint64_t>{4}));
  EXPECT_TRUE(page({.order = this->list(4, S::none).order, .status = S::available}, 9).items.empty());
}

TYPED_TEST_P(PortContract, PagesOfOpenAndEndedListsNeitherRepeatNorSkip) {
  using S = typename TestFixture::Status;
  const std::array all{S::completed, S::available, S::canceled, S::pending, S::canceled, S::completed, S::assigned, S::completed};
  for (std::uint64_t n = 1; n <= all.size(); ++n) this->save(this->list(n, all[n - 1], std::chrono::seconds{n / 3}));
  std::vector<std::uint64_t> seen;
  pkg::paging::Cursor after;
  do {
    const auto page = this->read([&](auto& unit) { return this->ports.lists().list(unit, {}, {2, after}); });
    for (const auto n : this->numbers(page.items)) seen.push_back(n);
    after = page.next;
  } while (!after.empty() && seen.size() < 20);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{2, 1, 5, 4, 3, 8, 7, 6})) << "newest first";
}

TYPED_TEST_P(PortContract, TheOldestAvailableAndTheLongestDueListsAreTakenFirst) {
  using std::chrono::seconds;
  using S = typename TestFixture::Status;
  this->save(this->list(1, S::available, seconds{10}));
  this->save(this->list(2, S::available, seconds{30}));
  this->save(this->list(3, S::available, seconds{20}));
  this->save(this->list(4, S::pending, seconds{90}));
  EXPECT_FALSE(this->read([&](auto& unit) { return this->ports.lists().next_due(unit); }));
  for (const std::uint64_t n : {7, 6, 8}) {
    this->assign(this->list(n, S::available, seconds{100}), this->bot(40 + n, "bot " + std::to_string(n)), n);
  }
  this->save(this->list(5, S::completed));
  const auto available = this->read([&](auto& unit) { return this->ports.lists().take_available(unit, 2); });
  EXPECT_EQ(this->numbers(available), (std::vector<std::uint64_t>{2, 3}));
  const auto due = this->read([&](auto& unit) { return this->ports.lists().take_due(unit, this->t0 + seconds{7}, 9); });
  EXPECT_EQ(this->numbers(due), (std::vector<std::uint64_t>{6, 7}));
  EXPECT_EQ(this->read([&](auto& unit) { return this->ports.lists().next_due(unit); }), this->t0 + seconds{6});
}

TYPED_TEST_P(PortContract, BotsAreKeptWithNamesOfTheirOwn) {
  auto one = this->bot(50, "one");
  this->save(one);
  this->save(this->bot(51, "two"));
  EXPECT_TRUE(this->read([&](auto& unit) { return this->ports.bots().is_name_taken(unit, "one"); }));
  EXPECT_FALSE(this->read([&](auto& unit) { return this->ports.bots().is_name_taken(unit, "three"); }));
  const auto again = this->bot(52, "one");
  EXPECT_EQ(this->run([&](auto& unit) { this->ports.bots().save(unit, again); }).error().kind, pkg::errors::ErrorKind::contended);
  one.version = 1;
  one.status = domain::BotStatus::active;
  one.list = this->template id<domain::ShoppingListId>(1);
  one.due_at = this->t0;
  this->save(one);
  one.version = 2;
  const auto found = this->read([&](auto& unit) { return this->ports.bots().load(unit, std::span(&one.id, 1)); });
  EXPECT_EQ(found, (std::vector{one}));
  const auto idle = this->read([&](auto& unit) { return this->ports.bots().take_idle(unit, 9); });
  ASSERT_EQ(idle.size(), 1u);
  EXPECT_EQ(idle.front().name, "two");
  const auto first = this->read([&](auto& unit) { return this->ports.bots().list(unit, {1, {}}); });
  EXPECT_EQ(first.items.at(0).name, "one");
  const auto next = this->read([&](auto& unit) { return this->ports.bots().list(unit, {1, first.next}); });
  EXPECT_EQ(next.items.at(0).name, "two");
  EXPECT_TRUE(next.next.empty());
}

TYPED_TEST_P(PortContract, AStoreIsKnownOnceItsNameAndPlaceAreAndTheNewestNameHolds) {
  const auto find = [&] { return this->read([&](auto& unit) { return this->ports.stores().find(unit, std::span(&this->north, 1)); }); };
  this->learn({this->north, "New North", {}, 3});
  EXPECT_TRUE(find().empty());
  this->learn({this->north, "North", "Hall 1", 1});
  this->learn({this->north, "Newer North", {}, 2});
  const auto known = find();
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known.front().name, "New North");
  EXPECT_EQ(known.front().location, "Hall 1");
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, AListIsFoundByItsIdAndItsOrderAsItWasSaved, ASaveOfAnOldVersionIsContended, AnOrderHasOneList,
                            ListsArePagedNewestFirstAndFiltered, PagesOfOpenAndEndedListsNeitherRepeatNorSkip,
                            TheOldestAvailableAndTheLongestDueListsAreTakenFirst, BotsAreKeptWithNamesOfTheirOwn,
                            AStoreIsKnownOnceItsNameAndPlaceAreAndTheNewestNameHolds);

}  // namespace depot::tests
