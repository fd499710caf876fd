// The rules of a shopping list: given a list, when something is decided, then it is like this and that is told, or it is refused.

#include "depot/internal/domain/shopping_list.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "pkg/ids/id_sources.hpp"

namespace depot::domain {
namespace {

using R = ShoppingListRejection;
using S = ShoppingListStatus;
using Events = std::vector<ShoppingListEvent>;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
constexpr auto due = t0 + std::chrono::seconds{2};

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

const auto order = id<OrderId>(1);
const auto list_id = id<ShoppingListId>(2);
const auto bot_id = id<BotId>(3);
const auto north = id<StoreId>(21);
const auto south = id<StoreId>(22);
const auto tea = id<ProductId>(11);
const auto cup = id<ProductId>(12);
const auto soap = id<ProductId>(13);

OrderedItem item(StoreId store, std::string store_name, ProductId product, std::string product_name, int quantity) {
  return {store, std::move(store_name), product, std::move(product_name), quantity};
}
NewList new_list(std::vector<OrderedItem> items) { return {list_id, order, std::move(items), t0}; }
const NewList one_tea = new_list({item(north, "North", tea, "Tea", 1)});

ShoppingList in(S status) {
  ShoppingList list;
  if (status == S::none) return list;
  list = create({}, one_tea, {})->state;
  list.version = 4;
  list.status = status;
  if (status == S::assigned || status == S::completed) {
    list.bot = bot_id;
    list.due_at = due;
  }
  return list;
}
Bot idle_bot() { return *register_bot(bot_id, "Bob", false, t0); }
Bot active_bot() {
  auto bot = idle_bot();
  bot.status = BotStatus::active;
  bot.list = id<ShoppingListId>(99);
  return bot;
}

template <class Decision>
R rejection_of(const Decision& decision) {
  if (decision) {
    ADD_FAILURE() << "accepted";
    return R{};
  }
  EXPECT_FALSE(decision.error().detail.empty());
  return decision.error().reason;
}

void expect_nothing_done(const ShoppingListDecision& decision, const ShoppingList& before) {
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->state, before);
  EXPECT_TRUE(decision->events.empty());
}

TEST(CreateShoppingList, GathersTheItemsOfAStoreAndSumsThoseOfAProduct) {
  const auto made = create({},
                           new_list({item(north, "North", tea, "Tea", 2), item(south, "South", soap, "Soap", 1),
                                     item(north, "North", cup, "Cup", 1), item(north, "North", tea, "Tea", 3)}),
                           {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->state.id, list_id);
  EXPECT_EQ(made->state.order, order);
  EXPECT_EQ(made->state.status, S::pending);
  EXPECT_EQ(made->state.created_at, t0);
  EXPECT_EQ(made->state.stops,
            (std::vector<Stop>{{north, "North", "", {{tea, "Tea", 5}, {cup, "Cup", 1}}}, {south, "South", "", {{soap, "Soap", 1}}}}));
  EXPECT_EQ(pieces(made->state), 7);
  EXPECT_EQ(made->events, (Events{ShoppingListCreated{}}));
}

TEST(CreateShoppingList, TakesNameAndLocationOfAStoreThatIsKnown) {
  const std::vector<KnownStore> known{{south, "South side", "Hall 2"}};
  const auto made = create({}, new_list({item(south, "South", soap, "Soap", 1), item(north, "North", tea, "Tea", 1)}), known);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->state.stops.at(0).store_name, "South side");
  EXPECT_EQ(made->state.stops.at(0).store_location, "Hall 2");
  EXPECT_EQ(made->state.stops.at(1).store_name, "North");
}

TEST(CreateShoppingList, DoesNothingWhereTheOrderHasOne) {
  for (const auto status : {S::pending, S::available, S::assigned, S::completed})
    expect_nothing_done(create(in(status), one_tea, {}), in(status));
}

TEST(CreateShoppingList, IsRefusedOnceItIsCanceled) {
  EXPECT_EQ(rejection_of(create(in(S::canceled), one_tea, {})), R::shopping_list_canceled);
}

TEST(CreateShoppingList, NeedsItemsInQuantitiesThatCanBePicked) {
  EXPECT_EQ(rejection_of(create({}, new_list({}), {})), R::list_empty);
  for (const int quantity : {0, -1, max_quantity + 1}) {
    EXPECT_EQ(rejection_of(create({}, new_list({item(north, "North", tea, "Tea", quantity)}), {})), R::quantity_out_of_range);
  }
  EXPECT_EQ(rejection_of(create({}, new_list({item(north, "North", tea, "Tea", max_quantity), item(north, "North", tea, "Tea", 1)}), {})),
            R::quantity_out_of_range);
}

TEST(InitiateShopping, MakesAPendingListAvailable) {
  const auto done = initiate(in(S::pending));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, in(S::available));
  EXPECT_EQ(done->events, (Events{ShoppingListInitiated{}}));
}

TEST(InitiateShopping, DoesNothingToAListThatIsFurther) {
  for (const auto status : {S::available, S::assigned, S::completed}) expect_nothing_done(initiate(in(status)), in(status));
}

TEST(InitiateShopping, IsRefusedWithoutAListAndForACanceledOne) {
  EXPECT_EQ(rejection_of(initiate(in(S::none))), R::no_such_list);
  EXPECT_EQ(rejection_of(initiate(in(S::canceled))), R::shopping_list_canceled);
}

TEST(AssignShoppingList, GivesAnAvailableListToAnIdleBot) {
  const auto done = assign(in(S::available), idle_bot(), due);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->list.state, in(S::assigned));
  EXPECT_EQ(done->list.events, (Events{ShoppingListAssigned{bot_id}}));
  EXPECT_EQ(done->bot.status, BotStatus::active);
  EXPECT_EQ(done->bot.list, list_id);
  EXPECT_EQ(done->bot.due_at, due);
}

TEST(AssignShoppingList, IsRefusedForAnyOtherListFirstAndThenForAnyOtherBot) {
  EXPECT_EQ(rejection_of(assign(in(S::none), active_bot(), due)), R::no_such_list);
  for (const auto status : {S::pending, S::assigned, S::completed, S::canceled}) {
    EXPECT_EQ(rejection_of(assign(in(status), active_bot(), due)), R::list_not_available);
  }
  EXPECT_EQ(rejection_of(assign(in(S::available), Bot{}, due)), R::no_such_bot);
  EXPECT_EQ(rejection_of(assign(in(S::available), active_bot(), due)), R::bot_not_idle);
}

TEST(CompleteShoppingList, OnlyWhileItIsAssigned) {
  const auto done = complete(in(S::assigned));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, in(S::completed));
  EXPECT_EQ(done->events, (Events{ShoppingListCompleted{}}));
  EXPECT_EQ(rejection_of(complete(in(S::none))), R::no_such_list);
  for (const auto status : {S::pending, S::available, S::completed, S::canceled}) {
    EXPECT_EQ(rejection_of(complete(in(status))), R::list_not_assigned);
  }
}

TEST(CancelShoppingList, UntilItIsCompleted) {
  for (const auto status : {S::pending, S::available, S::assigned}) {
    const auto done = cancel(in(status));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->state, in(S::canceled)) << "without a bot";
    EXPECT_EQ(done->events, (Events{ShoppingListCanceled{}}));
  }
  EXPECT_EQ(rejection_of(cancel(in(S::none))), R::no_such_list);
  EXPECT_EQ(rejection_of(cancel(in(S::completed))), R::shopping_list_completed);
  expect_nothing_done(cancel(in(S::canceled)), in(S::canceled));
}

TEST(CancelOrder, CancelsItsListAsIfByHand) {
  const auto other = id<ShoppingListId>(77);
  EXPECT_EQ(cancel_order(in(S::assigned), order, other, t0)->state, in(S::canceled));
  expect_nothing_done(cancel_order(in(S::completed), order, other, t0), in(S::completed));
  expect_nothing_done(cancel_order(in(S::canceled), order, other, t0), in(S::canceled));
}

TEST(CancelOrder, BeforeTheListIsMadeLeavesOneThatRefusesToBeMade) {
  const auto done = cancel_order(in(S::none), order, list_id, t0);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state.status, S::canceled);
  EXPECT_EQ(done->state.order, order);
  EXPECT_TRUE(done->state.stops.empty());
  EXPECT_TRUE(done->events.empty()) << "nobody knows of the list";
  EXPECT_EQ(rejection_of(create(done->state, one_tea, {})), R::shopping_list_canceled);
}

TEST(ShoppingListRejections, EachHasACodeOfItsOwnAndAKind) {
  using K = pkg::errors::ErrorKind;
  const std::map<R, K> kinds{{R::no_such_list, K::not_found},
                             {R::shopping_list_canceled, K::conflict},
                             {R::shopping_list_completed, K::conflict},
                             {R::list_not_available, K::conflict},
                             {R::list_not_assigned, K::conflict},
                             {R::no_such_bot, K::rejected},
                             {R::bot_not_idle, K::conflict},
                             {R::list_empty, K::rejected},
                             {R::quantity_out_of_range, K::rejected}};
  std::set<std::string> codes;
  for (const auto& [reason, kind] : kinds) {
    const auto error = to_error({reason, "because"});
    EXPECT_EQ(error.kind, kind) << error.code;
    EXPECT_TRUE(codes.insert(error.code).second) << error.code;
  }
}

}  // namespace
}  // namespace depot::domain
