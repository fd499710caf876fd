// The create-order saga with a stand-in for depot that answers as the test says: refusals that the real one has no reason for, and
// answers that come when it is too late.

#include <gtest/gtest.h>

#include <algorithm>

#include "depot/depotpb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "tests/mall/journeys.hpp"

namespace mall::testing {
namespace {

namespace pb = mallbots::depot::v1;
using mallbots::cosec::v1::SagaStep;
using pkg::messaging::Message;

class DepotStandIn : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    mall_ = std::make_unique<RunningMall>(MallOptions{
        .settings = {{"COSEC_STEP_WAIT", "1s"}, {"COSEC_STEP_TRIES", "2"}, {"COSEC_COMPENSATION_WAIT", "200ms"}}, .without = {"depot"}});
  }
  static void TearDownTestSuite() { mall_.reset(); }

  static std::unique_ptr<RunningMall> mall_;

  RunningMall& mall = *mall_;
  pkg::agent::testing::Neighbour depot{mall.nats.url(), {"mallbots.depot.commands"}};
  Visitor an_operator = mall.an_operator();
  Storekeeper north{mall};
  Visitor shopper = new_shopper(mall);
  std::string tea = north.add_product(500, 10);
  std::string payment = authorize(shopper, 1000);
  std::string order = check_out(shopper, fill_basket(shopper, {{tea, 2}}), payment);

  template <class P>
  Message command() {
    return depot.hear<P>(order).first;
  }
  void make_list() {
    pb::CreateShoppingListReply reply;
    reply.set_shopping_list_id(north.store);  // any id
    depot.send(depot.success(command<pb::CreateShoppingList>(), reply));
  }

  /// The order ended so, and nothing hangs.
  void expect_undone(Order::Status order_status, Saga::Status saga_status, Payment::Status money, const std::string& undone,
                     const std::string& failed) {
    await_order(shopper, order, order_status);
    const auto saga = await_end_of_saga(an_operator, order);
    EXPECT_EQ(saga.status(), saga_status);
    EXPECT_EQ(steps_that_are(saga, SagaStep::UNDONE), undone);
    EXPECT_EQ(steps_that_are(saga, SagaStep::FAILED), failed);
    await_stock(shopper, tea, 10, 10);
    shopper.await<Payment>("/payments/" + payment, [&](const Payment& seen) { return seen.status() == money; }, "the money's state");
  }
};
std::unique_ptr<RunningMall> DepotStandIn::mall_;

TEST_F(DepotStandIn, RefusesTheListSoOnlyTheStockIsReleased) {
  depot.send(depot.failure(command<pb::CreateShoppingList>(), "depot_closed"));
  expect_undone(Order::REJECTED, Saga::COMPENSATED, Payment::AUTHORIZED, "order reserve_stock", "create_shopping_list");
  EXPECT_EQ(shopper.see<Order>("/orders/" + order).rejection_code(), "depot_closed");
  EXPECT_EQ(depot.count<pb::CancelShoppingList>(order), 0u) << "what did not happen is not undone";
}

TEST_F(DepotStandIn, RefusesToGoShoppingSoMoneyListAndStockAreReleasedInThisOrder) {
  make_list();
  depot.send(depot.failure(command<pb::InitiateShopping>(), "no_bots"));
  const auto cancel = command<pb::CancelShoppingList>();
  // The payment was released before the list's cancellation was asked for, the stock is not released before it is answered.
  EXPECT_EQ(payment_status(shopper, payment), Payment::RELEASED);
  await_stock(shopper, tea, 10, 8);
  depot.send(depot.success(cancel));
  expect_undone(Order::REJECTED, Saga::COMPENSATED, Payment::RELEASED, "order reserve_stock create_shopping_list confirm_payment",
                "initiate_shopping");
}

TEST_F(DepotStandIn, NeverAnswersSoTheListIsCanceledInCaseItWasMade) {
  const auto create = command<pb::CreateShoppingList>();
  const auto cancel = command<pb::CancelShoppingList>();  // after all tries
  depot.send(depot.success(create, [] {
    pb::CreateShoppingListReply reply;
    reply.set_shopping_list_id("01890a5d-ac96-774b-bcce-b302099a8057");
    return reply;
  }()));  // too late: it is being canceled
  depot.send(depot.success(cancel));
  expect_undone(Order::REJECTED, Saga::COMPENSATED, Payment::AUTHORIZED, "order reserve_stock create_shopping_list", "");
  EXPECT_EQ(depot.count<pb::InitiateShopping>(order), 0u) << "the late answer moved nothing";
}

TEST_F(DepotStandIn, AnswersACompensationOnlyAtALaterTry) {
  make_list();
  depot.send(depot.failure(command<pb::InitiateShopping>(), "no_bots"));
  const auto cancel = command<pb::CancelShoppingList>();
  an_operator.await<Saga>(
      "/sagas/" + order,
      [](const Saga& saga) {
        return std::ranges::count_if(saga.history(), [](const auto& entry) { return entry.what() == "compensation sent_again"; }) >= 2;
      },
      "the compensation to be sent again and again");
  depot.send(depot.success(cancel));
  depot.send(depot.success(cancel));  // a doubled answer
  expect_undone(Order::REJECTED, Saga::COMPENSATED, Payment::RELEASED, "order reserve_stock create_shopping_list confirm_payment",
                "initiate_shopping");
}

TEST_F(DepotStandIn, IsAskedToCancelWhenTheShopperCancelsWhileItStartsTheShopping) {
  make_list();
  const auto initiate = command<pb::InitiateShopping>();
  shopper.done("/orders/" + order + ":cancel");
  an_operator.await<Saga>("/sagas/" + order, [](const Saga& saga) { return saga.status() == Saga::CANCELING; }, "the saga to hear of it");
  depot.send(depot.success(initiate));
  depot.send(depot.success(command<pb::CancelShoppingList>()));
  expect_undone(Order::CANCELED, Saga::CANCELED, Payment::RELEASED, "reserve_stock create_shopping_list confirm_payment", "");
}

TEST_F(DepotStandIn, IsAskedToCancelWhenTheApprovalComesTooLate) {
  make_list();
  const auto initiate = command<pb::InitiateShopping>();
  mall.process("ordering").pause();  // it will find the approval waiting when it goes on
  depot.send(depot.success(initiate));
  an_operator.await<Saga>(
      "/sagas/" + order, [](const Saga& saga) { return saga.step() == "approve_order"; }, "the saga to be at the approval");
  mall.process("cosec").pause();  // it hears of the cancellation late
  mall.process("ordering").resume();
  // Either the approval or the cancellation comes first; the shopper's word holds in both.
  shopper.done("/orders/" + order + ":cancel");
  mall.process("cosec").resume();
  await_order(shopper, order, Order::CANCELED);
  // Where the approval came first the saga is complete, and the cancellation is everybody's own business.
  const auto saga = an_operator.await<Saga>(
      "/sagas/" + order, [](const Saga& seen) { return seen.status() == Saga::COMPLETED || seen.step() == "create_shopping_list"; },
      "the saga to be complete or to cancel the list");
  if (saga.status() != Saga::COMPLETED) {
    depot.send(depot.success(command<pb::CancelShoppingList>()));
    EXPECT_EQ(await_end_of_saga(an_operator, order).status(), Saga::CANCELED);
    EXPECT_EQ(depot.count<pb::CancelShoppingList>(order), 1u);
  }
  await_stock(shopper, tea, 10, 10);
  shopper.await<Payment>(
      "/payments/" + payment, [&](const Payment& seen) { return seen.status() == Payment::RELEASED; }, "the money's release");
}

}  // namespace
}  // namespace mall::testing
