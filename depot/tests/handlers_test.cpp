// Messages in, messages out: what the saga, ordering and stores say, and what they hear. Every message may come twice or late.

#include <gtest/gtest.h>

#include "depot/depotpb/messages.pb.h"
#include "depot/tests/published.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "pkg/saga/headers.hpp"
#include "stores/storespb/messages.pb.h"

namespace depot::tests {
namespace {

namespace pb = mallbots::depot::v1;
using pkg::messaging::Message;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Messages : public ::testing::Test, protected DepotOnFakes {
 protected:
  const domain::OrderId order = id<domain::OrderId>(11);
  const domain::StoreId north = id<domain::StoreId>(21);

  template <class P>
  static Message message_of(const P& payload, std::uint64_t version = 0) {
    Message message;
    message.id = "message";
    message.type = P::descriptor()->full_name();
    message.aggregate_version = version;
    message.payload = payload.SerializeAsString();
    message.headers = {{std::string(pkg::saga::header::name), "CreateOrder"},
                       {std::string(pkg::saga::header::id), "saga"},
                       {std::string(pkg::saga::header::step), "step"},
                       {std::string(pkg::saga::header::direction), "forward"},
                       {std::string(pkg::saga::header::reply_to), "mallbots.cosec.replies.CreateOrder"}};
    return message;
  }
  Message create() const {
    pb::CreateShoppingList command;
    command.set_order_id(order.to_string());
    for (const int quantity : {2, 3}) {
      auto& item = *command.add_items();
      item.set_product_id(id<domain::ProductId>(1).to_string());
      item.set_store_id(north.to_string());
      item.set_product_name("Tea");
      item.set_store_name("North");
      item.set_quantity(quantity);
    }
    return message_of(command);
  }
  template <class P>
  Message about_order() const {
    P payload;
    payload.set_order_id(order.to_string());
    return message_of(payload);
  }
  Message cancel() const { return about_order<pb::CancelShoppingList>(); }
  Message initiate() const { return about_order<pb::InitiateShopping>(); }
  Message order_canceled() const { return about_order<mallbots::ordering::v1::OrderCanceled>(); }

  /// What was sent after the message: types by their last word, replies with the code of their failure.
  std::string after(const Message& message) {
    const auto done = receive(message);
    if (!done) return done.error().code;
    std::string types;
    for (const auto& sent : outbox.take_sent()) {
      types += sent.type.substr(sent.type.rfind('.') + 1);
      if (const auto code = sent.headers.find(std::string(pkg::saga::header::failure_code)); code != sent.headers.end())
        types += ":" + code->second;
      types += " ";
      last = sent;
    }
    return types;
  }
  domain::ShoppingList list() {
    return *transactor.run_for({}, [&](pkg::uow::UnitOfWork& unit) { return lists.load_of(unit, order); });
  }
  void pick() {
    ASSERT_TRUE(app.register_bot({}, {id<domain::BotId>(51), "Bob"}));
    ASSERT_TRUE(app.assign_shopping_list({}, {list().id, id<domain::BotId>(51), {}}));
    ASSERT_TRUE(app.complete_shopping_list({}, {list().id, {}}));
    outbox.take_sent();
  }
  Message last;
};

TEST_F(Messages, AListIsMadeOnceAndItsIdIsTheReply) {
  EXPECT_EQ(after(create()), "ShoppingListCreated Reply ");
  pb::CreateShoppingListReply first;
  ASSERT_TRUE(first.ParseFromString(last.payload));
  EXPECT_EQ(after(create()), "Reply ");
  pb::CreateShoppingListReply again;
  ASSERT_TRUE(again.ParseFromString(last.payload));
  EXPECT_EQ(first.shopping_list_id(), again.shopping_list_id());
  EXPECT_EQ(list().id.to_string(), first.shopping_list_id());
  EXPECT_EQ(list().stops.at(0).items.at(0).quantity, 5);
}

TEST_F(Messages, AListBecomesAvailableOnceAndWakesTheFloor) {
  after(create());
  EXPECT_EQ(after(initiate()), "ShoppingListInitiated Reply ");
  EXPECT_EQ(after(initiate()), "Reply ");
  EXPECT_EQ(floor.woken, 1);
}

TEST_F(Messages, ACommandForAListThatIsNotThereOrCanceledFails) {
  EXPECT_EQ(after(initiate()), "Reply:no_such_list ");
  after(create());
  EXPECT_EQ(after(cancel()), "ShoppingListCanceled Reply ");
  EXPECT_EQ(after(cancel()), "Reply ");
  EXPECT_EQ(after(initiate()), "Reply:shopping_list_canceled ");
  EXPECT_EQ(after(create()), "Reply:shopping_list_canceled ");
}

TEST_F(Messages, ALateCreateAfterTheCompensationIsRefused) {
  EXPECT_EQ(after(cancel()), "Reply ");
  EXPECT_EQ(after(create()), "Reply:shopping_list_canceled ");
}

TEST_F(Messages, ALateCreateAfterTheOrderWasCanceledIsRefused) {
  EXPECT_EQ(after(order_canceled()), "");
  EXPECT_EQ(after(order_canceled()), "");
  EXPECT_EQ(after(create()), "Reply:shopping_list_canceled ");
}

TEST_F(Messages, ACompletedListIsNotCanceledAndNobodyWaitsForThat) {
  after(create());
  after(initiate());
  pick();
  EXPECT_EQ(after(cancel()), "Reply ") << "a compensation is asked for until it succeeds";
  EXPECT_EQ(after(order_canceled()), "");
  EXPECT_EQ(list().status, domain::ShoppingListStatus::completed);
}

TEST_F(Messages, ACanceledOrderCancelsItsListOnce) {
  after(create());
  EXPECT_EQ(after(order_canceled()), "ShoppingListCanceled ");
  EXPECT_EQ(after(order_canceled()), "");
}

TEST_F(Messages, StoresAreKnownByTheirNewestNameWhateverTheOrder) {
  mallbots::stores::v1::StoreRebranded rebranded;
  rebranded.set_store_id(north.to_string());
  rebranded.set_name("New North");
  mallbots::stores::v1::StoreCreated created;
  created.set_store_id(north.to_string());
  created.set_name("Old North");
  created.set_location("Hall 1");
  after(message_of(rebranded, 2));
  after(message_of(created, 1));
  after(create());
  EXPECT_EQ(list().stops.at(0).store_name, "New North");
  EXPECT_EQ(list().stops.at(0).store_location, "Hall 1");
}

TEST_F(Messages, ACommandWhoseIdCannotBeReadFailsTheSaga) {
  pb::CancelShoppingList command;
  command.set_order_id("eleven");
  EXPECT_EQ(after(message_of(command)), "Reply:malformed_id ");
}

}  // namespace
}  // namespace depot::tests
