// The create-order saga among the real services: each step failing, its participant away, and the shopper changing their mind. After each,

// nothing is left hanging: no stock reserved, no money held for the order, no list to pick.

#include <gtest/gtest.h>

#include <algorithm>

#include "pkg/testing/wait.hpp"
#include "tests/mall/journeys.hpp"

namespace mall::testing {
namespace {

using mallbots::cosec::v1::SagaStep;

/// All nine services. Nobody picks by himself, so an approved order stays so until a test goes on.
class CreateOrderSaga : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    mall_ = std::make_unique<RunningMall>(MallOptions{
        .settings = {{"DEPOT_ROBOTS", "false"}, {"COSEC_COMPENSATION_WAIT", "200ms"}, {"COSEC_COMPENSATION_WAIT_MOST", "500ms"}}});
  }
  static void TearDownTestSuite() { mall_.reset(); }

  static std::unique_ptr<RunningMall> mall_;

  RunningMall& mall = *mall_;
  Visitor an_operator = mall.an_operator();
  Storekeeper north{mall};
  Visitor shopper = new_shopper(mall);
  std::string tea = north.add_product(500, 10);

  std::string order_tea(int pieces, const std::string& payment) {
    return check_out(shopper, fill_basket(shopper, {{tea, pieces}}), payment);
  }

  void expect_rejected(const std::string& order, const std::string& code, const std::string& undone, const std::string& failed) {
    const auto rejected = await_order(an_operator, order, Order::REJECTED);
    EXPECT_EQ(rejected.rejection_code(), code);
    const auto saga = await_end_of_saga(an_operator, order);
    EXPECT_EQ(saga.status(), Saga::COMPENSATED);
    EXPECT_EQ(saga.failure_code(), code);
    EXPECT_EQ(steps_that_are(saga, SagaStep::UNDONE), undone);
    EXPECT_EQ(steps_that_are(saga, SagaStep::FAILED), failed);
    EXPECT_EQ(steps_that_are(saga, SagaStep::TO_UNDO), "");
  }

  /// The order is canceled, and so is all that was done for it.
  void expect_canceled(const std::string& order, const std::string& payment) {
    await_order(shopper, order, Order::CANCELED);
    EXPECT_NE(await_end_of_saga(an_operator, order).status(), Saga::COMPENSATED) << "a cancellation is not a rejection";
    await_stock(shopper, tea, 10, 10);
    shopper.await<Payment>(
        "/payments/" + payment, [&](const Payment& seen) { return seen.status() == Payment::RELEASED || !seen.has_order_id(); },
        "the payment not to be held for the order");
    pkg::testing::wait_until(
        [&] {
          const auto status = shopping_list_status(an_operator, order);
          return status == ShoppingList::CANCELED || status == ShoppingList::STATUS_UNSPECIFIED;
        },
        "no list to be picked for " + order);
    shopper.await<mallbots::notifications::v1::ListNotificationsResponse>(
        "/notifications", [&](const auto&) { return times_told(shopper, Notification::ORDER_CANCELED, order) == 1; },
        "the shopper to be told of the cancellation once");
  }

  /// An approved order, picked by hand. Gives its invoice's id.
  std::string make_ready(const std::string& order) {
    await_order(shopper, order, Order::APPROVED);
    const auto list = shopping_list_of(an_operator, order);
    const auto bot = an_operator.done("/bots", R"({"name":"Bot )" + shopper.id() + "\"}").text("id");
    an_operator.post("/shopping-lists/" + list.id() + ":assign", R"({"botId":")" + bot + "\"}");
    an_operator.await<ShoppingList>(
        "/shopping-lists/" + list.id(), [](const auto& seen) { return seen.status() == ShoppingList::ASSIGNED; },
        "the list to be assigned");
    an_operator.done("/shopping-lists/" + list.id() + ":complete");
    return shopper.await<Order>("/orders/" + order, [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice").invoice_id();
  }

  /// Waits until the saga's command of this step is out.
  void await_step(const std::string& order, const std::string& step) {
    an_operator.await<Saga>("/sagas/" + order, [&](const Saga& saga) { return saga.step() == step; }, "the saga to be at " + step);
  }
};
std::unique_ptr<RunningMall> CreateOrderSaga::mall_;

TEST_F(CreateOrderSaga, RejectsTheOrderOfADisabledUserAndUndoesNothingElse) {
  const auto payment = authorize(shopper, 1000);
  const auto basket = fill_basket(shopper, {{tea, 2}});
  an_operator.done("/users/" + shopper.id() + ":disable");
  const auto order = check_out(shopper, basket, payment);
  expect_rejected(order, "user_disabled", "order", "authorize_user");
  await_stock(shopper, tea, 10, 10);
  EXPECT_EQ(payment_status(shopper, payment), Payment::AUTHORIZED);
  EXPECT_EQ(shopping_list_status(an_operator, order), ShoppingList::STATUS_UNSPECIFIED);
}

TEST_F(CreateOrderSaga, RejectsAnOrderOverMoreThanThereIsAndUndoesNothingElse) {
  const auto payment = authorize(shopper, 10'000);
  const auto order = order_tea(11, payment);
  expect_rejected(order, "out_of_stock", "order", "reserve_stock");
  await_stock(shopper, tea, 10, 10);
  EXPECT_EQ(payment_status(shopper, payment), Payment::AUTHORIZED);
  EXPECT_EQ(shopping_list_status(an_operator, order), ShoppingList::STATUS_UNSPECIFIED);
}

TEST_F(CreateOrderSaga, ReleasesStockAndCancelsTheListWhenThePaymentIsTooSmall) {
  const auto payment = authorize(shopper, 999);
  const auto order = order_tea(2, payment);
  expect_rejected(order, "payment_too_small", "order reserve_stock create_shopping_list", "confirm_payment");
  await_stock(shopper, tea, 10, 10);
  EXPECT_EQ(payment_status(shopper, payment), Payment::AUTHORIZED) << "it pays another order yet";
  EXPECT_EQ(shopping_list_status(an_operator, order), ShoppingList::CANCELED);
}

TEST_F(CreateOrderSaga, DoesNotPayWithWhatIsNotThereOrSomebodyElses) {
  const auto other = new_shopper(mall);
  const auto others = authorize(other, 10'000);
  expect_rejected(order_tea(2, others), "not_your_payment", "order reserve_stock create_shopping_list", "confirm_payment");
  EXPECT_EQ(payment_status(other, others), Payment::AUTHORIZED);
  const auto nothing = north.store;  // an id, but no payment's
  expect_rejected(order_tea(2, nothing), "no_such_payment", "order reserve_stock create_shopping_list", "confirm_payment");
  await_stock(shopper, tea, 10, 10);
}

TEST_F(CreateOrderSaga, PaysOneOrderOnlyWithOnePayment) {
  const auto payment = authorize(shopper, 10'000);
  const auto first = order_tea(2, payment);
  await_order(shopper, first, Order::APPROVED);
  const auto second = order_tea(3, payment);
  expect_rejected(second, "payment_in_use", "order reserve_stock create_shopping_list", "confirm_payment");
  await_stock(shopper, tea, 10, 8);
  const auto kept = shopper.see<Payment>("/payments/" + payment);
  EXPECT_EQ(kept.status(), Payment::CONFIRMED);
  EXPECT_EQ(kept.order_id(), first);
  EXPECT_EQ(shopping_list_status(an_operator, second), ShoppingList::CANCELED);
}

TEST_F(CreateOrderSaga, IsUndoneWhenTheShopperCancelsAtAnyOfItsSteps) {
  struct Case {
    const char* away;  ///< stands still while the order is canceled
    const char* step;
  };
  for (const auto& [away, step] : {Case{"users", "authorize_user"}, Case{"stores", "reserve_stock"}, Case{"depot", "create_shopping_list"},
                                   Case{"payments", "confirm_payment"}}) {
    SCOPED_TRACE(step);
    const auto payment = authorize(shopper, 1000);
    const auto basket = fill_basket(shopper, {{tea, 2}});
    // Everybody asked here knows the keys of tokens by now, or could not fetch them while users is away.
    shopper.see<mallbots::ordering::v1::ListOrdersResponse>("/orders");
    an_operator.see<mallbots::cosec::v1::ListSagasResponse>("/sagas");
    mall.process(away).pause();
    const auto order = check_out(shopper, basket, payment);
    await_step(order, step);
    EXPECT_EQ(shopper.done("/orders/" + order + ":cancel").as<Order>().status(), Order::CANCELED);
    mall.process(away).resume();
    expect_canceled(order, payment);
  }
}

TEST_F(CreateOrderSaga, AnApprovedOrderIsCanceledWithAllThatWasDoneForIt) {
  const auto payment = authorize(shopper, 1000);
  const auto order = order_tea(2, payment);
  await_order(shopper, order, Order::APPROVED);
  await_stock(shopper, tea, 10, 8);
  EXPECT_EQ(payment_status(shopper, payment), Payment::CONFIRMED);
  shopper.done("/orders/" + order + ":cancel");
  expect_canceled(order, payment);
  EXPECT_EQ(payment_status(shopper, payment), Payment::RELEASED);
}

TEST_F(CreateOrderSaga, AnApprovedOrderIsCanceledWithItsListAndAllThatWasDoneForIt) {
  const auto payment = authorize(shopper, 1000);
  const auto order = order_tea(2, payment);
  await_order(shopper, order, Order::APPROVED);
  await_stock(shopper, tea, 10, 8);
  an_operator.done("/shopping-lists/" + shopping_list_of(an_operator, order).id() + ":cancel");
  expect_canceled(order, payment);
  EXPECT_EQ(payment_status(shopper, payment), Payment::RELEASED);
  EXPECT_EQ(await_end_of_saga(an_operator, order).status(), Saga::COMPLETED) << "the order was made; that it ended is another matter";
}

TEST_F(CreateOrderSaga, AnOrderWhoseListIsCanceledWhileItsApprovalIsUnderWayIsCanceledToo) {
  const auto payment = authorize(shopper, 1000);
  const auto basket = fill_basket(shopper, {{tea, 2}});
  mall.process("payments").pause();
  const auto order = check_out(shopper, basket, payment);
  await_step(order, "confirm_payment");
  mall.process("ordering").pause();
  mall.process("payments").resume();
  await_step(order, "approve_order");
  an_operator.done("/shopping-lists/" + shopping_list_of(an_operator, order).id() + ":cancel");
  mall.process("ordering").resume();
  expect_canceled(order, payment);
  EXPECT_EQ(payment_status(shopper, payment), Payment::RELEASED);
}

TEST_F(CreateOrderSaga, AnOrderThatIsBeingPickedIsCanceledAndItsBotIsFreeAgain) {
  const auto bot = an_operator.done("/bots", R"({"name":"Robby )" + shopper.id() + "\"}").text("id");
  const auto payment = authorize(shopper, 1000);
  const auto order = order_tea(2, payment);
  await_order(shopper, order, Order::APPROVED);
  const auto list = shopping_list_of(an_operator, order);
  an_operator.await<ShoppingList>(
      "/shopping-lists/" + list.id(), [](const auto& seen) { return seen.status() >= ShoppingList::AVAILABLE; },
      "the list to be available");
  const auto assigned = an_operator.post("/shopping-lists/" + list.id() + ":assign", R"({"botId":")" + bot + "\"}");
  EXPECT_TRUE(assigned.status == 200 || assigned.code() == "list_not_available") << assigned.body;
  an_operator.await<ShoppingList>(
      "/shopping-lists/" + list.id(), [](const auto& seen) { return seen.status() == ShoppingList::ASSIGNED; }, "the list to be assigned");
  shopper.done("/orders/" + order + ":cancel");
  expect_canceled(order, payment);
  an_operator.await<mallbots::depot::v1::ListBotsResponse>(
      "/bots?pageSize=100",
      [&](const auto& bots) {
        return std::ranges::none_of(bots.bots(), [&](const auto& each) { return each.shopping_list_id() == list.id(); });
      },
      "no bot to be at the list");
}

TEST_F(CreateOrderSaga, CannotBeCanceledOnceItIsReadyCompletedRejectedOrCanceled) {
  const auto refuses = [&](const std::string& order) {
    const auto answer = shopper.post("/orders/" + order + ":cancel");
    EXPECT_EQ(answer.status, 409) << answer.body;
    EXPECT_EQ(answer.code(), "order_not_cancelable");
  };
  const auto rejected = order_tea(2, authorize(shopper, 1));
  await_order(shopper, rejected, Order::REJECTED);
  refuses(rejected);

  const auto payment = authorize(shopper, 1000);
  const auto order = order_tea(2, payment);
  const auto invoice = make_ready(order);
  refuses(order);
  shopper.done("/invoices/" + invoice + ":pay");
  await_order(shopper, order, Order::COMPLETED);
  refuses(order);
  await_stock(shopper, tea, 8, 8);
}

TEST_F(CreateOrderSaga, AReadyOrderIsCanceledWithItsInvoiceAndItsGoodsAndMoneyAreFree) {
  const auto payment = authorize(shopper, 1000);
  const auto order = order_tea(2, payment);
  const auto invoice = make_ready(order);
  await_stock(shopper, tea, 10, 8);
  an_operator.done("/invoices/" + invoice + ":cancel");
  await_order(shopper, order, Order::CANCELED);
  await_stock(shopper, tea, 10, 10);
  EXPECT_EQ(payment_status(shopper, payment), Payment::RELEASED);
  EXPECT_EQ(await_end_of_saga(an_operator, order).status(), Saga::COMPLETED) << "the order was made; that it ended is another matter";
  EXPECT_EQ(shopping_list_status(an_operator, order), ShoppingList::COMPLETED);
  shopper.await<mallbots::notifications::v1::ListNotificationsResponse>(
      "/notifications", [&](const auto&) { return times_told(shopper, Notification::ORDER_CANCELED, order) == 1; },
      "the shopper to be told of the cancellation once");
}

TEST_F(CreateOrderSaga, IsSentAgainAndThenUndoneWhenAParticipantStaysAwayAndTheRestOnceItIsBack) {
  RunningMall impatient({.settings = {{"COSEC_STEP_WAIT", "150ms"},
                                      {"COSEC_STEP_TRIES", "3"},
                                      {"COSEC_COMPENSATION_WAIT", "100ms"},
                                      {"COSEC_COMPENSATION_WAIT_MOST", "300ms"},
                                      {"COSEC_ALERT_AFTER", "3"}}});
  const auto chief = impatient.an_operator();
  const Storekeeper south(impatient);
  const auto cup = south.add_product(500, 10);
  const auto customer = new_shopper(impatient);
  const auto payment = authorize(customer, 1000);
  const auto basket = fill_basket(customer, {{cup, 2}});
  impatient.process("payments").kill();
  const auto order = check_out(customer, basket, payment);

  const auto stuck =
      chief.await<Saga>("/sagas/" + order, [](const Saga& saga) { return saga.alert(); }, "the alert for a compensation without effect");
  EXPECT_EQ(stuck.status(), Saga::COMPENSATING);
  EXPECT_EQ(stuck.step(), "confirm_payment");
  const auto times = [&](std::string_view what) {
    return std::ranges::count_if(stuck.history(),
                                 [&](const auto& entry) { return entry.step() == "confirm_payment" && entry.what() == what; });
  };
  EXPECT_EQ(times("forward sent"), 1);
  EXPECT_EQ(times("forward sent_again"), 2);
  EXPECT_EQ(times("forward given_up"), 1);
  EXPECT_EQ(shopping_list_status(chief, order), ShoppingList::PENDING) << "what came before waits for what came after to be undone";

  impatient.start("payments");
  await_order(customer, order, Order::REJECTED);
  const auto saga = await_end_of_saga(chief, order);
  EXPECT_EQ(saga.status(), Saga::COMPENSATED);
  EXPECT_FALSE(saga.alert());
  EXPECT_EQ(steps_that_are(saga, SagaStep::UNDONE), "order reserve_stock create_shopping_list confirm_payment");
  await_stock(customer, cup, 10, 10);
  EXPECT_EQ(shopping_list_status(chief, order), ShoppingList::CANCELED);
  EXPECT_EQ(payment_status(customer, payment), Payment::RELEASED);
}

}  // namespace
}  // namespace mall::testing
