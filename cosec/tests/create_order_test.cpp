// The create-order saga against its table (docs/adr/0006, cosec/README.md): which step follows which, and what undoes it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cosec/tests/sample_order.hpp"
#include "ordering/orderingpb/messages.pb.h"

namespace cosec::tests {
namespace {

using pkg::saga::Direction;
using pkg::saga::Reply;
using pkg::saga::Status;
using pkg::saga::TimedOut;
using std::chrono::seconds;

/// What a step says to whom: "payments ConfirmPayment".
std::string said(const pkg::saga::Command& command) {
  auto channel = command.body.channel;
  channel = channel.substr(0, channel.rfind(".commands"));
  return channel.substr(channel.find('.') + 1) + " " + command.body.type.substr(command.body.type.rfind('.') + 1);
}

TEST(CreateOrderSaga, IsADefinitionThatCanWork) {
  const auto good = pkg::saga::check(create_order());
  EXPECT_TRUE(good) << good.error().detail;
}

TEST(CreateOrderSaga, AsksEachParticipantInTurnAndCompletes) {
  OrderSaga saga;
  Strings all;
  for (auto sent = saga.start(); !sent.empty(); sent = saga.ok()) all.push_back(sent + " " + said(saga.last));
  EXPECT_EQ(all, (Strings{"authorize_user> users AuthorizeUser", "reserve_stock> stores ReserveStock",
                          "create_shopping_list> depot CreateShoppingList", "confirm_payment> payments ConfirmPayment",
                          "initiate_shopping> depot InitiateShopping", "approve_order> ordering ApproveOrder"}));
  EXPECT_EQ(saga.state.status, Status::completed);
  EXPECT_FALSE(saga.state.wake_at);
}

TEST(CreateOrderSaga, UndoesEachStepWithItsCompensation) {
  OrderSaga saga;
  saga.reach("initiate_shopping");
  Strings all;
  for (auto sent = saga.no(); !sent.empty(); sent = saga.ok()) all.push_back(sent + " " + said(saga.last));
  EXPECT_EQ(all, (Strings{"<confirm_payment payments ReleasePayment", "<create_shopping_list depot CancelShoppingList",
                          "<reserve_stock stores ReleaseStock", "<order ordering RejectOrder"}));
}

struct UndoCase {
  const char* step;
  Strings refused;     ///< what undoes the saga where the step's participant refuses: nothing happened there
  Strings unanswered;  ///< where it never answers: it may have happened
};
const std::vector<UndoCase> undo_cases{
    {"authorize_user", {"<order"}, {"<order"}},
    {"reserve_stock", {"<order"}, {"<reserve_stock", "<order"}},
    {"create_shopping_list", {"<reserve_stock", "<order"}, {"<create_shopping_list", "<reserve_stock", "<order"}},
    {"confirm_payment",
     {"<create_shopping_list", "<reserve_stock", "<order"},
     {"<confirm_payment", "<create_shopping_list", "<reserve_stock", "<order"}},
    {"initiate_shopping",
     {"<confirm_payment", "<create_shopping_list", "<reserve_stock", "<order"},
     {"<confirm_payment", "<create_shopping_list", "<reserve_stock", "<order"}},
};

TEST(CreateOrderSaga, UndoesWhatWasDoneInReverseWhereAStepIsRefused) {
  auto cases = undo_cases;
  cases.push_back({"approve_order", {"<confirm_payment", "<create_shopping_list", "<reserve_stock", "<order"}, {}});
  for (const auto& [step, refused, unanswered] : cases) {
    OrderSaga saga;
    saga.reach(step);
    EXPECT_EQ(saga.on(saga.no()), refused) << step;
    EXPECT_EQ(saga.state.status, Status::compensated) << step;
    EXPECT_EQ(saga.state.failed_step, step);
    EXPECT_EQ(saga.state.failure_code, "full") << step;
  }
}

TEST(CreateOrderSaga, AsksAgainInTheSameMessageAndUndoesWhatMayHaveHappenedWhereAStepIsNotAnswered) {
  for (const auto& [step, refused, unanswered] : undo_cases) {
    OrderSaga saga;
    saga.reach(step);
    const auto id = saga.last.message_id;
    for (const auto wait : {seconds{5}, seconds{10}}) {
      EXPECT_EQ(*saga.state.wake_at - saga.now, wait) << step;
      saga.now = *saga.state.wake_at - std::chrono::microseconds{1};
      EXPECT_EQ(saga.give(TimedOut{}), "") << step << ": too early";
      EXPECT_EQ(saga.late(), std::string(step) + ">");
      EXPECT_EQ(saga.last.message_id, id) << step;
    }
    EXPECT_EQ(*saga.state.wake_at - saga.now, seconds{20}) << step;
    EXPECT_EQ(saga.on(saga.late()), unanswered) << step;
    EXPECT_EQ(saga.state.status, Status::compensated) << step;
    EXPECT_EQ(saga.state.failure_code, "no_reply") << step;
  }
}

TEST(CreateOrderSaga, NeverGivesUpTheApprovalBehindWhichThereIsNoWayBack) {
  OrderSaga saga;
  saga.reach("approve_order");
  const auto id = saga.last.message_id;
  for (std::uint32_t tries = 1; tries <= 100; ++tries) {
    EXPECT_EQ(saga.state.alert, tries > 4) << tries;
    ASSERT_EQ(saga.late(), "approve_order>");
    EXPECT_EQ(saga.last.message_id, id);
    EXPECT_LE(*saga.state.wake_at - saga.now, seconds{60});
  }
  EXPECT_EQ(saga.ok(), "");
  EXPECT_EQ(saga.state.status, Status::completed);
  EXPECT_FALSE(saga.state.alert);
}

TEST(CreateOrderSaga, TriesEachCompensationForEverWithBackOffAndRaisesItsAlert) {
  for (const auto* undone : {"<confirm_payment", "<create_shopping_list", "<reserve_stock", "<order"}) {
    OrderSaga saga;
    saga.reach("initiate_shopping");
    auto sent = saga.no();
    while (!sent.empty() && sent != undone) sent = saga.ok();
    const auto first = saga.last.message_id;
    auto wait = seconds{1};
    for (int tries = 1; tries <= 50; ++tries, wait = std::min(wait * 2, seconds{8})) {
      EXPECT_EQ(*saga.state.wake_at - saga.now, wait) << undone;
      EXPECT_EQ(saga.state.alert, tries > 4) << undone << tries;
      ASSERT_EQ(saga.late(), undone);
      EXPECT_EQ(saga.last.message_id, first) << undone << ": the same message while nobody has answered";
    }
    EXPECT_EQ(saga.no(), "") << undone << ": refused, asked again later";
    ASSERT_EQ(saga.late(), undone);
    EXPECT_NE(saga.last.message_id, first) << undone << ": participants do a message once";
    saga.on(saga.ok());
    EXPECT_EQ(saga.state.status, Status::compensated) << undone;
    EXPECT_FALSE(saga.state.alert) << undone;
  }
}

TEST(CreateOrderSaga, GivesTheApprovalTheListThatDepotMade) {
  OrderSaga saga;
  saga.reach("approve_order");
  mallbots::ordering::v1::ApproveOrder approve;
  ASSERT_TRUE(approve.ParseFromString(saga.last.body.payload));
  EXPECT_EQ(approve.order_id(), sample_order().order.to_string());
  EXPECT_EQ(approve.shopping_list_id(), id<domain::ShoppingListId>(41).to_string());
}

TEST(CreateOrderSaga, TellsOrderingWhyItIsRejected) {
  OrderSaga saga;
  saga.reach("authorize_user");
  EXPECT_EQ(saga.no(), "<order");
  mallbots::ordering::v1::RejectOrder reject;
  ASSERT_TRUE(reject.ParseFromString(saga.last.body.payload));
  EXPECT_EQ(reject.order_id(), sample_order().order.to_string());
  EXPECT_EQ(reject.code(), "full");
  EXPECT_EQ(reject.reason(), "No room.");
}

TEST(CreateOrderSaga, DoesNotGoOnWithAListItCannotRead) {
  for (const auto* payload : {"", "\xff", "\x0a\x03not"}) {
    OrderSaga saga;
    saga.reach("create_shopping_list");
    const auto before = saga.state;
    EXPECT_EQ(saga.Drive::ok(payload), "error undecodable_reply");
    EXPECT_EQ(saga.state, before);
  }
}

/// What replies that are noted and nothing else leave alone.
pkg::saga::State without_notes(pkg::saga::State state) {
  state.version = 0;
  state.ignored = 0;
  state.changed_at = {};
  return state;
}

TEST(CreateOrderSaga, IsNotMovedByLateDoubledOrForeignReplies) {
  // Through all steps, and back through all compensations behind a step that was given up.
  OrderSaga saga;
  Strings answered{pkg::ids::CountingIds::nth(99).to_string()};
  const auto is_left_alone = [&](const std::string& where) {
    const auto before = without_notes(saga.state);
    for (const auto& command : answered) {
      EXPECT_EQ(saga.give(Reply{.command_id = command, .success = true, .payload = list_reply()}), "") << where;
      EXPECT_EQ(saga.give(Reply{.command_id = command, .failure_code = "late"}), "") << where;
    }
    EXPECT_EQ(without_notes(saga.state), before) << where;
  };
  auto sent = saga.start();
  for (; sent != "initiate_shopping>" && !sent.empty(); sent = saga.ok()) {
    is_left_alone(sent);
    answered.push_back(saga.last.message_id);
  }
  answered.push_back(saga.last.message_id);
  saga.late();
  saga.late();
  for (sent = saga.late(); !sent.empty(); sent = saga.ok()) {
    is_left_alone(sent);
    answered.push_back(saga.last.message_id);
  }
  is_left_alone("the end");
  EXPECT_EQ(saga.state.status, Status::compensated);
}

TEST(CreateOrderSaga, KnowsWhatIsDoneWhatComesNextAndWhatWouldBeUndone) {
  OrderSaga saga;
  saga.reach("confirm_payment");
  auto plan = saga.plan();
  EXPECT_EQ(plan.done, (Strings{"authorize_user", "reserve_stock", "create_shopping_list"}));
  EXPECT_EQ(plan.now->step, "confirm_payment");
  EXPECT_EQ(plan.next, (Strings{"initiate_shopping", "approve_order"}));
  EXPECT_EQ(plan.would_undo, (Strings{"confirm_payment", "create_shopping_list", "reserve_stock", "order"}));
  saga.no();
  plan = saga.plan();
  EXPECT_EQ(plan.now->direction, Direction::compensation);
  EXPECT_EQ(plan.next, Strings{});
  EXPECT_EQ(plan.would_undo, (Strings{"create_shopping_list", "reserve_stock", "order"}));
}

}  // namespace
}  // namespace cosec::tests
