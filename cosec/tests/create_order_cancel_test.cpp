// The create-order saga when the order is canceled meanwhile.

#include <gtest/gtest.h>

#include "cosec/tests/sample_order.hpp"

namespace cosec::tests {
namespace {

using pkg::saga::Status;

TEST(CanceledOrder, NeverStartsASagaThatHadNotBegun) {
  OrderSaga saga;
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
  EXPECT_EQ(saga.start(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
}

struct CancelCase {
  const char* step;    ///< whose command is out at the cancellation
  Strings done;        ///< what undoes the saga where it was done
  Strings refused;     ///< where it was refused
  Strings unanswered;  ///< where nobody answers
};
// RejectOrder is in none of them: the order is canceled already.
const Strings all_three{"<confirm_payment", "<create_shopping_list", "<reserve_stock"};
const std::vector<CancelCase> cases{
    {"authorize_user", {}, {}, {}},
    {"reserve_stock", {"<reserve_stock"}, {}, {"<reserve_stock"}},
    {"create_shopping_list", {"<create_shopping_list", "<reserve_stock"}, {"<reserve_stock"}, {"<create_shopping_list", "<reserve_stock"}},
    {"confirm_payment", all_three, {"<create_shopping_list", "<reserve_stock"}, all_three},
    {"initiate_shopping", all_three, all_three, all_three},
    {"approve_order", all_three, all_three, all_three},
};

TEST(CanceledOrder, WaitsForTheCommandThatIsOutAndUndoesWhatWasDone) {
  for (const auto& [step, done, refused, unanswered] : cases) {
    const auto canceled = [&](auto then) {
      OrderSaga saga;
      saga.reach(step);
      EXPECT_EQ(saga.cancel(), "") << step;
      EXPECT_EQ(saga.state.status, Status::canceling) << step;
      EXPECT_EQ(saga.cancel(), "") << step << ": canceled twice";
      const auto undone = saga.on(then(saga));
      EXPECT_EQ(saga.state.status, Status::canceled) << step;
      return undone;
    };
    EXPECT_EQ(canceled([](OrderSaga& saga) { return saga.ok(); }), done) << step;
    EXPECT_EQ(canceled([](OrderSaga& saga) { return saga.no(); }), refused) << step;
    EXPECT_EQ(canceled([](OrderSaga& saga) { return saga.late(); }), unanswered) << step << ": it is not asked again";
  }
}

TEST(CanceledOrder, IsNotRejectedTooWhereItsSagaIsBeingUndoneAlready) {
  OrderSaga saga;
  saga.reach("confirm_payment");
  EXPECT_EQ(saga.no(), "<create_shopping_list");
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.on("<create_shopping_list"), (Strings{"<create_shopping_list", "<reserve_stock"}));
  EXPECT_EQ(saga.state.status, Status::canceled);
}

TEST(CanceledOrder, EndsASagaAtOnceThatHasOnlyTheRejectionLeft) {
  OrderSaga saga;
  saga.reach("authorize_user");
  EXPECT_EQ(saga.no(), "<order");
  EXPECT_EQ(saga.cancel(), "");
  EXPECT_EQ(saga.state.status, Status::canceled);
}

TEST(CanceledOrder, ChangesNothingOnceItsSagaHasEnded) {
  for (const bool completed : {true, false}) {
    OrderSaga saga;
    saga.reach("approve_order");
    saga.on(completed ? saga.ok() : saga.no());
    const auto before = saga.state;
    EXPECT_EQ(saga.cancel(), "");
    EXPECT_EQ(saga.state, before);
  }
}

}  // namespace
}  // namespace cosec::tests
