// The rules of an order: given what has happened, when somebody does something, then this happens or is refused.

#include "ordering/internal/domain/order.hpp"

#include <gtest/gtest.h>

#include <set>

#include "pkg/es/testing/given_when_then.hpp"
#include "pkg/ids/id_sources.hpp"

namespace ordering::domain {
namespace {

using pkg::es::testing::Given;
using R = OrderRejection;

constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
constexpr auto t1 = t0 + std::chrono::minutes{5};

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

const auto ann = id<UserId>(1);
const auto list = id<ShoppingListId>(41);
const auto invoice = id<InvoiceId>(51);
const pkg::money::Money total{*pkg::money::Currency::parse("EUR"), 500};

const OrderCreated created{ann, id<PaymentId>(31), {{id<ProductId>(11), id<StoreId>(21), "Tea", "North", total, 1}}, total, t0};
const OrderEvent approved = OrderApproved{list, t0};
const OrderEvent rejected = OrderRejected{"out_of_stock", "No tea left.", t0};
const OrderEvent canceled = OrderCanceled{t0};
const OrderEvent picked_early = OrderPickedEarly{t0};
const OrderEvent list_canceled_early = OrderListCanceledEarly{t0};
const OrderEvent readied = OrderReadied{t0};
const OrderEvent completed = OrderCompleted{invoice, t0};

const Given<Order> nothing{};
const Given<Order> pending{created};
const Given<Order> picked_while_pending{created, picked_early};
const Given<Order> without_list_while_pending{created, list_canceled_early};
const Given<Order> is_approved{created, approved};
const Given<Order> is_ready{created, approved, readied};
const Given<Order> is_completed{created, approved, readied, completed};
const Given<Order> is_rejected{created, rejected};
const Given<Order> is_canceled{created, canceled};

const Actor by_ann{ann};
const Actor by_bob{id<UserId>(2)};
const Actor by_operator{id<UserId>(3), true};

auto create_it(OrderCreated what = created) {
  return [=](const Order& order) { return create(order, what); };
}
auto approve_it() {
  return [](const Order& order) { return approve(order, list, t1); };
}
auto reject_it() {
  return [](const Order& order) { return reject(order, "out_of_stock", "No tea left.", t1); };
}
auto cancel_it(const Actor& actor) {
  return [=](const Order& order) { return cancel(order, actor, t1); };
}
auto ready_it() {
  return [](const Order& order) { return ready(order, t1); };
}
auto cancel_unpicked_it() {
  return [](const Order& order) { return cancel_unpicked(order, t1); };
}
auto cancel_unpaid_it() {
  return [](const Order& order) { return cancel_unpaid(order, t1); };
}
auto complete_it() {
  return [](const Order& order) { return complete(order, invoice, t1); };
}

TEST(CreateOrder, IsPendingWithWhatWasOrdered) {
  nothing.when(create_it()).then({created});
  EXPECT_EQ(pending.state().status, OrderStatus::pending);
  EXPECT_EQ(pending.state().items, created.items);
  EXPECT_EQ(pending.state().total, total);
}

TEST(CreateOrder, DoesNothingTheSecondTimeWhateverBecameOfTheOrder) {
  for (const auto& given : {pending, is_approved, is_ready, is_completed, is_rejected, is_canceled}) given.when(create_it()).then({});
}

TEST(CreateOrder, NeedsAnItem) {
  auto empty = created;
  empty.items.clear();
  nothing.when(create_it(empty)).rejects(R::order_empty);
}

TEST(ApproveOrder, TurnsAPendingOrderApproved) { pending.when(approve_it()).then({OrderApproved{list, t1}}); }

TEST(ApproveOrder, MakesAnOrderReadyWhoseGoodsWerePickedBefore) {
  picked_while_pending.when(approve_it()).then({OrderApproved{list, t1}, OrderReadied{t1}});
}

TEST(ApproveOrder, EndsInACanceledOrderWhereTheListWasCanceledBefore) {
  without_list_while_pending.when(approve_it()).then({OrderApproved{list, t1}, OrderCanceled{t1}});
}

TEST(ApproveOrder, DoesNothingTheSecondTime) {
  for (const auto& given : {is_approved, is_ready, is_completed}) given.when(approve_it()).then({});
}

TEST(ApproveOrder, IsRefusedForAnOrderThatEnded) {
  nothing.when(approve_it()).rejects(R::no_such_order);
  for (const auto& given : {is_rejected, is_canceled}) given.when(approve_it()).rejects(R::order_not_pending);
}

TEST(RejectOrder, EndsAPendingOrderAndDoesNothingToAnEndedOne) {
  pending.when(reject_it()).then({OrderRejected{"out_of_stock", "No tea left.", t1}});
  for (const auto& given : {is_rejected, is_canceled}) given.when(reject_it()).then({});
}

TEST(RejectOrder, EndsAPendingOrderWhoseListTheSagaCanceledBefore) {
  without_list_while_pending.when(reject_it()).then({OrderRejected{"out_of_stock", "No tea left.", t1}});
}

TEST(RejectOrder, IsRefusedOnceTheOrderIsApproved) {
  nothing.when(reject_it()).rejects(R::no_such_order);
  for (const auto& given : {is_approved, is_ready, is_completed}) given.when(reject_it()).rejects(R::order_not_pending);
}

TEST(CancelOrder, EndsAPendingOrApprovedOrder) {
  pending.when(cancel_it(by_ann)).then({OrderCanceled{t1}});
  is_approved.when(cancel_it(by_ann)).then({OrderCanceled{t1}});
  is_approved.when(cancel_it(by_operator)).then({OrderCanceled{t1}});
  without_list_while_pending.when(cancel_it(by_ann)).then({OrderCanceled{t1}});
  is_canceled.when(cancel_it(by_ann)).then({});
}

TEST(CancelOrder, IsRefusedToOthersAndOnceTheGoodsAreReady) {
  nothing.when(cancel_it(by_ann)).rejects(R::no_such_order);
  pending.when(cancel_it(by_bob)).rejects(R::not_your_order);
  for (const auto& given : {is_ready, is_completed, is_rejected}) given.when(cancel_it(by_ann)).rejects(R::order_not_cancelable);
}

TEST(ReadyOrder, TurnsAnApprovedOrderReady) { is_approved.when(ready_it()).then({OrderReadied{t1}}); }

TEST(ReadyOrder, RemembersGoodsPickedBeforeTheApproval) {
  pending.when(ready_it()).then({OrderPickedEarly{t1}});
  picked_while_pending.when(ready_it()).then({});
}

TEST(ReadyOrder, DoesNothingToAnOrderThatIsFurtherOrEnded) {
  for (const auto& given : {is_ready, is_completed, is_rejected, is_canceled}) given.when(ready_it()).then({});
  nothing.when(ready_it()).rejects(R::no_such_order);
}

TEST(CancelUnpickedOrder, EndsAnApprovedOrder) { is_approved.when(cancel_unpicked_it()).then({OrderCanceled{t1}}); }

TEST(CancelUnpickedOrder, IsRememberedWhileTheSagaIsAtWork) {
  pending.when(cancel_unpicked_it()).then({OrderListCanceledEarly{t1}});
  EXPECT_EQ(without_list_while_pending.state().status, OrderStatus::pending);
  without_list_while_pending.when(cancel_unpicked_it()).then({});
}

TEST(CancelUnpickedOrder, DoesNothingToAnOrderThatIsFurtherOrEnded) {
  for (const auto& given : {is_ready, is_completed, is_rejected, is_canceled}) given.when(cancel_unpicked_it()).then({});
  nothing.when(cancel_unpicked_it()).rejects(R::no_such_order);
}

TEST(CancelUnpaidOrder, EndsAReadyOrderOnce) {
  is_ready.when(cancel_unpaid_it()).then({OrderCanceled{t1}});
  for (const auto& given : {is_canceled, is_rejected}) given.when(cancel_unpaid_it()).then({});
}

TEST(CancelUnpaidOrder, IsRefusedBeforeTheOrderIsReadyAndAfterItIsPaid) {
  nothing.when(cancel_unpaid_it()).rejects(R::no_such_order);
  for (const auto& given : {pending, is_approved, is_completed}) given.when(cancel_unpaid_it()).rejects(R::order_not_ready);
}

TEST(CompleteOrder, EndsAReadyOrderOnce) {
  is_ready.when(complete_it()).then({OrderCompleted{invoice, t1}});
  is_completed.when(complete_it()).then({});
}

TEST(CompleteOrder, IsRefusedBeforeTheOrderIsReadyAndAfterItEnded) {
  nothing.when(complete_it()).rejects(R::no_such_order);
  for (const auto& given : {pending, is_approved, is_rejected, is_canceled}) given.when(complete_it()).rejects(R::order_not_ready);
}

TEST(SeeOrder, IsForTheShopperAndOperators) {
  EXPECT_TRUE(may_see(OrderStatus::pending, ann, by_ann));
  EXPECT_TRUE(may_see(OrderStatus::pending, ann, by_operator));
  EXPECT_EQ(may_see(OrderStatus::pending, ann, by_bob).error().reason, R::not_your_order);
  EXPECT_EQ(may_see(OrderStatus::none, ann, by_operator).error().reason, R::no_such_order);
}

TEST(OrderRejection, EachHasACodeOfItsOwn) {
  std::set<std::string> codes;
  for (int reason = 0; reason <= static_cast<int>(R::order_not_ready); ++reason) {
    EXPECT_TRUE(codes.insert(to_error({static_cast<R>(reason), "Why."}).code).second);
  }
}

}  // namespace
}  // namespace ordering::domain
