// The bytes of every command that cosec sends and of what it stores, pinned for ever.

#include <gtest/gtest.h>

#include "cosec/tests/sample_order.hpp"
#include "pkg/testing/golden.hpp"

namespace cosec::tests {
namespace {

using pkg::testing::expect_golden;
using pkg::testing::from_hex;
using pkg::testing::golden;
using pkg::testing::to_hex;

domain::CreateOrder with_list() {
  auto order = sample_order();
  order.shopping_list = id<domain::ShoppingListId>(41);
  return order;
}

TEST(Golden, CommandsAreWrittenAsEver) {
  const auto order = with_list();
  struct Case {
    pkg::saga::Body body;
    const char* type;
    const char* channel;
  };
  for (const auto& [body, type, channel] : {
           Case{participants.authorize_user(order), "mallbots.users.v1.AuthorizeUser", "mallbots.users.commands"},
           Case{participants.reserve_stock(order), "mallbots.stores.v1.ReserveStock", "mallbots.stores.commands"},
           Case{participants.release_stock(order), "mallbots.stores.v1.ReleaseStock", "mallbots.stores.commands"},
           Case{participants.create_shopping_list(order), "mallbots.depot.v1.CreateShoppingList", "mallbots.depot.commands"},
           Case{participants.cancel_shopping_list(order), "mallbots.depot.v1.CancelShoppingList", "mallbots.depot.commands"},
           Case{participants.initiate_shopping(order), "mallbots.depot.v1.InitiateShopping", "mallbots.depot.commands"},
           Case{participants.confirm_payment(order), "mallbots.payments.v1.ConfirmPayment", "mallbots.payments.commands"},
           Case{participants.release_payment(order), "mallbots.payments.v1.ReleasePayment", "mallbots.payments.commands"},
           Case{participants.approve_order(order), "mallbots.ordering.v1.ApproveOrder", "mallbots.ordering.commands"},
           Case{participants.reject_order(order, {"reserve_stock", "out_of_stock", "There is no tea left."}),
                "mallbots.ordering.v1.RejectOrder", "mallbots.ordering.commands"},
       }) {
    EXPECT_EQ(body.type, type);
    EXPECT_EQ(body.channel, channel);
    expect_golden("cosec/tests/golden/published/" + body.type + ".hex", body.payload);
  }
}

TEST(Golden, StoredDataIsWrittenAndReadAsEver) {
  const auto codec = adapters::pg::create_order_codec();
  for (const auto& [name, order] : {std::pair{"CreateOrder-1", sample_order()}, std::pair{"CreateOrder-1-with-list", with_list()}}) {
    const auto bytes = codec.encode(order);
    const auto pinned = golden(std::string("cosec/tests/golden/stored/") + name + ".hex", bytes);
    EXPECT_EQ(to_hex(bytes), pinned) << name;
    const auto read = codec.decode(from_hex(pinned));
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(*read, order) << name;
  }
}

TEST(Golden, StoredDataThatIsBrokenIsNotRead) {
  const auto codec = adapters::pg::create_order_codec();
  const auto good = codec.encode(with_list());
  EXPECT_FALSE(codec.decode(""));
  EXPECT_FALSE(codec.decode("\xff\xff"));
  EXPECT_FALSE(codec.decode(std::string_view(good).substr(0, good.size() / 2)));
  EXPECT_FALSE(codec.decode(std::string_view(good).substr(18))) << "without the order's id";
}

// Stored sagas follow the steps by their position: whoever changes these makes a new version and keeps this one.
TEST(Golden, VersionOneHasTheseSteps) {
  const auto definition = create_order();
  EXPECT_EQ(definition.name, "CreateOrder");
  EXPECT_EQ(definition.version, 1u);
  EXPECT_EQ(definition.data_version, 1u);
  Strings steps;
  for (const auto& step : definition.steps) steps.push_back(step.name);
  EXPECT_EQ(steps, (Strings{"order", "authorize_user", "reserve_stock", "create_shopping_list", "confirm_payment", "initiate_shopping",
                            "approve_order"}));
}

}  // namespace
}  // namespace cosec::tests
