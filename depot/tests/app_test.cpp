// The use cases of depot on fakes: what is stored, told, asked and woken.

#include "depot/internal/app/app.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "depot/tests/fakes.hpp"
#include "depot/tests/port_contracts.hpp"

namespace depot::tests {
namespace {

using namespace std::chrono_literals;
using Status = domain::ShoppingListStatus;

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "a copy's handlers would refer into the original");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::ShoppingListStore& lists() { return lists_; }
  app::BotStore& bots() { return bots_; }
  app::StoreCache& stores() { return stores_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryShoppingLists lists_;
  MemoryBots bots_;
  MemoryStoreCache stores_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Depot : public ::testing::Test {
 protected:
  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  MemoryShoppingLists lists;
  MemoryBots bots;
  MemoryStoreCache stores;
  FakeDirectory directory;
  RecordedNews news;
  CountingFloor floor;
  pkg::ids::CountingIds ids{1000};
  app::Application app{{transactor, lists, bots, stores, directory, news, floor, clock, {.robots = true, .per_piece = 10ms}}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::StoreId north = id<domain::StoreId>(21);

  static domain::OrderId order(std::uint64_t n) { return id<domain::OrderId>(100 + n); }
  static domain::ShoppingListId list(std::uint64_t n) { return id<domain::ShoppingListId>(n); }

  app::Changed create(std::uint64_t n, int quantity = 2) {
    clock.advance(1ms);
    return transactor.run_for(cause, [&](pkg::uow::UnitOfWork& unit) {
      return app.create_shopping_list(unit, {list(n), order(n), {{north, "North", id<domain::ProductId>(11), "Tea", quantity}}});
    });
  }
  app::Changed initiate(std::uint64_t n) {
    return transactor.run_for(cause, [&](pkg::uow::UnitOfWork& unit) { return app.initiate_shopping(unit, {order(n)}); });
  }
  app::Changed cancel_order(std::uint64_t n) {
    return transactor.run_for(cause, [&](pkg::uow::UnitOfWork& unit) { return app.cancel_order(unit, {order(n), list(900 + n)}); });
  }
  void make_available(std::uint64_t n, int quantity = 2) {
    ASSERT_TRUE(create(n, quantity));
    ASSERT_TRUE(initiate(n));
  }
  domain::BotId add_bot(const std::string& name) {
    const auto bot = domain::BotId::make(ids);
    EXPECT_TRUE(app.register_bot(cause, {bot, name}));
    return bot;
  }
  Status status(std::uint64_t n) { return app.get_shopping_list(cause, {list(n)})->status; }
  domain::Bot bot_named(const std::string& name) {
    const auto all = app.list_bots(cause, {{}});
    for (const auto& bot : all->items) {
      if (bot.name == name) return bot;
    }
    return {};
  }
  std::optional<pkg::clock::TimePoint> work() {
    const auto next = app.work_floor(cause, {});
    EXPECT_TRUE(next) << next.error().code;
    return next.value_or(std::nullopt);
  }
};

TEST_F(Depot, TheSameOrderAgainGivesTheSameList) {
  const auto first = create(1);
  ASSERT_TRUE(first);
  const auto again = transactor.run_for(cause, [&](pkg::uow::UnitOfWork& unit) {
    return app.create_shopping_list(unit, {list(77), order(1), {{north, "North", id<domain::ProductId>(11), "Tea", 1}}});
  });
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, list(1));
  EXPECT_EQ(news.told.size(), 1u);
  EXPECT_EQ(floor.woken, 0) << "a pending list is nothing for the floor";
}

TEST_F(Depot, WhatIsRememberedIsDecidedOnAndNothingIsRefusedOnItAlone) {
  const auto stored = [&] { return *app.get_shopping_list(cause, {list(1)}); };
  ASSERT_TRUE(create(1));
  lists.known = stored();
  lists.known->status = Status::canceled;  // as it never was
  EXPECT_TRUE(create(1)) << "it would have been refused";
  EXPECT_TRUE(initiate(1)) << "it would have been refused";
  lists.known = stored();
  lists.known->status = Status::pending;
  lists.known->version = 1;
  EXPECT_EQ(initiate(1).error().kind, pkg::errors::ErrorKind::contended) << "what follows from it is checked at the commit";
  EXPECT_EQ(status(1), Status::available);
}

TEST_F(Depot, AnOrderCanceledBeforeItsListIsMadeGetsNone) {
  ASSERT_TRUE(cancel_order(1));
  ASSERT_TRUE(cancel_order(1));
  EXPECT_EQ(create(1).error().code, "shopping_list_canceled");
  EXPECT_EQ(initiate(1).error().code, "shopping_list_canceled");
  EXPECT_TRUE(news.told.empty());
}

TEST_F(Depot, TheOldestAvailableListGetsAnIdleBotAndIsCompletedWhenItIsDue) {
  make_available(1, 5);
  make_available(2);
  add_bot("Bob");
  EXPECT_EQ(work(), clock.now() + 50ms);
  EXPECT_EQ(status(1), Status::assigned);
  EXPECT_EQ(status(2), Status::available);
  EXPECT_EQ(bot_named("Bob").list, list(1));
  clock.advance(49ms);
  work();
  EXPECT_EQ(status(1), Status::assigned);
  clock.advance(1ms);
  EXPECT_EQ(work(), clock.now() + 20ms) << "the freed bot takes the next list in the same round";
  EXPECT_EQ(status(1), Status::completed);
  EXPECT_EQ(status(2), Status::assigned);
  clock.advance(1s);
  EXPECT_EQ(work(), std::nullopt) << "nothing to do until the floor is woken";
  EXPECT_EQ(bot_named("Bob").status, domain::BotStatus::idle);
  EXPECT_EQ(news.told.size(), 8u);
  EXPECT_EQ(news.told.back().event, domain::ShoppingListEvent(domain::ShoppingListCompleted{}));
  EXPECT_EQ(news.told.back().list.version, 4u);
}

TEST_F(Depot, TheFloorIsWokenByWhateverMakesSomethingPossible) {
  ASSERT_TRUE(create(1));
  EXPECT_EQ(floor.woken, 0);
  ASSERT_TRUE(initiate(1));
  EXPECT_EQ(floor.woken, 1);
  const auto bob = add_bot("Bob");
  EXPECT_EQ(floor.woken, 2);
  ASSERT_TRUE(app.assign_shopping_list(cause, {list(1), bob, {}}));
  EXPECT_EQ(floor.woken, 3);
  ASSERT_TRUE(app.cancel_shopping_list(cause, {list(1), {}}));
  EXPECT_EQ(floor.woken, 4);
  ASSERT_TRUE(app.cancel_shopping_list(cause, {list(1), {}}));
  EXPECT_EQ(floor.woken, 4);
  work();
  EXPECT_EQ(floor.woken, 4) << "its own work does not wake it";
}

TEST_F(Depot, CancelingAnAssignedListFreesItsBot) {
  make_available(1);
  add_bot("Bob");
  work();
  ASSERT_TRUE(cancel_order(1));
  EXPECT_EQ(status(1), Status::canceled);
  EXPECT_EQ(bot_named("Bob").status, domain::BotStatus::idle);
  clock.advance(1h);
  work();
  EXPECT_EQ(status(1), Status::canceled);
}

TEST_F(Depot, CompletingByHandFreesTheBotAndWorksOnlyOnce) {
  make_available(1);
  const auto bob = add_bot("Bob");
  EXPECT_EQ(app.complete_shopping_list(cause, {list(1), {}}).error().code, "list_not_assigned");
  ASSERT_TRUE(app.assign_shopping_list(cause, {list(1), bob, {}}));
  ASSERT_TRUE(app.complete_shopping_list(cause, {list(1), {}}));
  EXPECT_EQ(bot_named("Bob").status, domain::BotStatus::idle);
  EXPECT_EQ(app.complete_shopping_list(cause, {list(1), {}}).error().code, "list_not_assigned");
  EXPECT_EQ(app.cancel_shopping_list(cause, {list(1), {}}).error().code, "shopping_list_completed");
}

TEST_F(Depot, AssigningByHandIsRefusedForWhatIsNotThereOrNotFree) {
  make_available(1);
  make_available(2);
  const auto bob = add_bot("Bob");
  EXPECT_EQ(app.assign_shopping_list(cause, {list(9), bob, {}}).error().code, "no_such_list");
  EXPECT_EQ(app.assign_shopping_list(cause, {list(1), id<domain::BotId>(9), {}}).error().code, "no_such_bot");
  EXPECT_EQ(app.assign_shopping_list(cause, {list(1), bob, 7}).error().kind, pkg::errors::ErrorKind::stale);
  ASSERT_TRUE(app.assign_shopping_list(cause, {list(1), bob, 2}));
  EXPECT_EQ(app.assign_shopping_list(cause, {list(1), bob, {}}).error().code, "list_not_available");
  EXPECT_EQ(app.assign_shopping_list(cause, {list(2), bob, {}}).error().code, "bot_not_idle");
}

TEST_F(Depot, WithoutRobotsListsAreAssignedButPeopleCompleteThem) {
  app::Application by_hand{{transactor, lists, bots, stores, directory, news, floor, clock, {.robots = false, .per_piece = 10ms}}};
  make_available(1);
  add_bot("Bob");
  EXPECT_EQ(by_hand.work_floor(cause, {}).value(), std::nullopt);
  clock.advance(1h);
  ASSERT_TRUE(by_hand.work_floor(cause, {}));
  EXPECT_EQ(status(1), Status::assigned);
}

TEST_F(Depot, ARoundThatWasFullIsFollowedByAnotherAtOnce) {
  for (std::uint64_t n = 1; n <= 3; ++n) make_available(n);
  for (const char* name : {"a", "b", "c"}) add_bot(name);
  EXPECT_EQ(app.work_floor(cause, {2}).value(), clock.now());
  EXPECT_EQ(status(3), Status::available);
  work();
  EXPECT_EQ(status(3), Status::assigned);
}

TEST_F(Depot, InitialBotsAreRegisteredWhereThereAreNone) {
  ASSERT_TRUE(app.register_initial_bots(cause, 2, ids));
  ASSERT_TRUE(app.register_initial_bots(cause, 5, ids));
  const auto all = app.list_bots(cause, {{}});
  ASSERT_EQ(all->items.size(), 2u);
  EXPECT_EQ(all->items[0].name, "bot-1");
  EXPECT_EQ(all->items[1].name, "bot-2");
  EXPECT_EQ(app.register_bot(cause, {domain::BotId::make(ids), " bot-2 "}).error().code, "bot_name_taken");
  EXPECT_EQ(app.register_bot(cause, {domain::BotId::make(ids), " "}).error().code, "bot_name_blank");
}

TEST_F(Depot, StoresIsAskedForALocationOnceAndOnlyWhenAListIsLookedAt) {
  ASSERT_TRUE(create(1));
  EXPECT_EQ(directory.asked, 0);
  directory.is_away = true;
  EXPECT_EQ(app.get_shopping_list(cause, {list(1)})->stops.at(0).store_location, "");
  directory.is_away = false;
  directory.facts[north] = {north, "North side", "Hall 1", 2};
  EXPECT_EQ(app.get_shopping_list(cause, {list(1)})->stops.at(0).store_location, "Hall 1");
  EXPECT_EQ(app.get_shopping_list(cause, {list(1)})->stops.at(0).store_location, "Hall 1");
  EXPECT_EQ(directory.asked, 2);
  ASSERT_TRUE(create(2));
  const auto known = app.get_shopping_list(cause, {list(2)});
  EXPECT_EQ(known->stops.at(0).store_name, "North side");
  EXPECT_EQ(directory.asked, 2);
}

TEST_F(Depot, AListThatIsNotThereIsNotFound) { EXPECT_EQ(app.get_shopping_list(cause, {list(5)}).error().code, "no_such_list"); }

}  // namespace
}  // namespace depot::tests
