// Messages in, messages out: what baskets, the saga, depot and payments say, and what they hear. Every message may come twice, late or
// too early. A failure here means that the message is parked and tried again.

#include <gtest/gtest.h>

#include "baskets/basketspb/messages.pb.h"
#include "depot/depotpb/messages.pb.h"
#include "ordering/orderingpb/messages.pb.h"
#include "ordering/tests/ordering_on_fakes.hpp"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"

namespace ordering::tests {
namespace {

namespace pb = mallbots::ordering::v1;
using mallbots::baskets::v1::BasketCheckedOut;
using mallbots::depot::v1::ShoppingListCanceled;
using mallbots::depot::v1::ShoppingListCompleted;
using mallbots::payments::v1::InvoiceCanceled;
using mallbots::payments::v1::InvoiceCreated;
using mallbots::payments::v1::InvoicePaid;
using pkg::errors::ErrorKind;
using pkg::messaging::Message;

const auto text_id = [](std::uint64_t n) { return pkg::ids::CountingIds::nth(n).to_string(); };

class Messages : public ::testing::Test, protected OrderingOnFakes {
 protected:
  const std::string order = text_id(1);
  const std::string ann = text_id(2);

  static mallbots::money::v1::Money eur(std::int64_t cents) { return pkg::money::to_proto({*pkg::money::Currency::parse("EUR"), cents}); }
  BasketCheckedOut checked_out() const {
    BasketCheckedOut event;
    event.set_basket_id(order);
    event.set_user_id(ann);
    event.set_payment_id(text_id(31));
    auto& item = *event.add_items();
    item.set_product_id(text_id(11));
    item.set_store_id(text_id(21));
    item.set_product_name("Tea");
    item.set_store_name("North");
    *item.mutable_price() = eur(250);
    item.set_quantity(2);
    *event.mutable_total() = eur(500);
    return event;
  }
  pb::ApproveOrder approve() const {
    pb::ApproveOrder command;
    command.set_order_id(order);
    command.set_shopping_list_id(text_id(41));
    return command;
  }
  pb::RejectOrder reject() const {
    pb::RejectOrder command;
    command.set_order_id(order);
    command.set_code("out_of_stock");
    command.set_reason("No tea left.");
    return command;
  }
  ShoppingListCompleted picked() const {
    ShoppingListCompleted event;
    event.set_order_id(order);
    return event;
  }
  ShoppingListCanceled list_canceled() const {
    ShoppingListCanceled event;
    event.set_order_id(order);
    return event;
  }
  template <class P>
  P about_invoice() const {
    P event;
    event.set_invoice_id(text_id(51));
    event.set_order_id(order);
    return event;
  }
  app::OrderView shown() {
    return app.get_order({}, {domain::OrderId{pkg::ids::CountingIds::nth(1)}, {{}, true}}).value_or(app::OrderView{});
  }

  /// What was sent since the last look: types by their last word, replies with the code of their failure.
  std::string sent_types() {
    std::string types;
    for (const auto& message : outbox.take_sent()) {
      types += message.type.substr(message.type.rfind('.') + 1);
      if (const auto code = message.headers.find(std::string(pkg::saga::header::failure_code)); code != message.headers.end()) {
        types += ":" + code->second;
      }
      types += " ";
    }
    return types;
  }
  template <class P>
  std::string after(const P& payload) {
    const auto done = receive(incoming(payload));
    EXPECT_TRUE(done) << done.error().code;
    return sent_types();
  }
  /// The code with which a message fails that is parked and tried again.
  template <class P>
  std::string parked(const P& payload) {
    const auto done = receive(incoming(payload));
    EXPECT_EQ(sent_types(), "");
    if (done) return "";
    EXPECT_NE(done.error().kind, ErrorKind::malformed) << "that is never tried again";
    return done.error().code;
  }
  template <class P>
  ErrorKind kind_of_failure(const P& payload) {
    const auto done = receive(incoming(payload));
    EXPECT_EQ(sent_types(), "");
    return done ? ErrorKind::internal : done.error().kind;
  }
};

TEST_F(Messages, TakeAnOrderFromTheCheckoutToItsEndEachDoubled) {
  EXPECT_EQ(after(checked_out()), "OrderCreated ");
  EXPECT_EQ(after(checked_out()), "");
  EXPECT_EQ(after(approve()), "OrderApproved Reply ");
  EXPECT_EQ(after(approve()), "Reply ");
  EXPECT_EQ(after(picked()), "OrderReadied ");
  EXPECT_EQ(after(picked()), "");
  EXPECT_EQ(after(about_invoice<InvoiceCreated>()), "");
  EXPECT_EQ(after(about_invoice<InvoiceCreated>()), "");
  EXPECT_EQ(shown().invoice->to_string(), text_id(51));
  EXPECT_EQ(after(about_invoice<InvoicePaid>()), "OrderCompleted ");
  EXPECT_EQ(after(about_invoice<InvoicePaid>()), "");
  EXPECT_EQ(after(checked_out()), "") << "late, and once more";
  EXPECT_EQ(shown().status, domain::OrderStatus::completed);
}

TEST_F(Messages, AnOrderHasWhatWasInTheBasket) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  const auto view = shown();
  EXPECT_EQ(view.user.to_string(), ann);
  EXPECT_EQ(view.payment.to_string(), text_id(31));
  EXPECT_EQ(view.total.minor_units(), 500);
  ASSERT_EQ(view.items.size(), 1u);
  EXPECT_EQ(view.items[0].product.to_string(), text_id(11));
  EXPECT_EQ(view.items[0].store.to_string(), text_id(21));
  EXPECT_EQ(view.items[0].product_name, "Tea");
  EXPECT_EQ(view.items[0].store_name, "North");
  EXPECT_EQ(view.items[0].price.minor_units(), 250);
  EXPECT_EQ(view.items[0].quantity, 2);
}

TEST_F(Messages, ARejectionIsAnsweredEveryTimeAndToldOnce) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  EXPECT_EQ(after(reject()), "OrderRejected Reply ");
  EXPECT_EQ(after(reject()), "Reply ");
  EXPECT_EQ(after(approve()), "Reply:order_not_pending ");
}

TEST_F(Messages, ACommandThatIsRefusedIsAnsweredWithItsCode) {
  EXPECT_EQ(after(approve()), "Reply:no_such_order ");
  EXPECT_EQ(after(reject()), "Reply:no_such_order ");
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  ASSERT_EQ(after(approve()), "OrderApproved Reply ");
  EXPECT_EQ(after(reject()), "Reply:order_not_pending ");
  EXPECT_EQ(after(pb::ApproveOrder{}), "Reply:malformed_id ");
}

TEST_F(Messages, GoodsPickedBeforeTheApprovalMakeTheOrderReadyWithIt) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  EXPECT_EQ(after(picked()), "");
  EXPECT_EQ(after(approve()), "OrderApproved OrderReadied Reply ");
}

TEST_F(Messages, WhatComesBeforeItsTimeIsTriedAgain) {
  EXPECT_EQ(parked(picked()), "no_such_order");
  EXPECT_EQ(parked(list_canceled()), "no_such_order");
  EXPECT_EQ(parked(about_invoice<InvoiceCreated>()), "no_such_order");
  EXPECT_EQ(parked(about_invoice<InvoicePaid>()), "no_such_order");
  EXPECT_EQ(parked(about_invoice<InvoiceCanceled>()), "no_such_order");
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  EXPECT_EQ(parked(about_invoice<InvoicePaid>()), "order_not_ready");
  EXPECT_EQ(parked(about_invoice<InvoiceCanceled>()), "order_not_ready");
  ASSERT_EQ(after(approve()), "OrderApproved Reply ");
  EXPECT_EQ(parked(about_invoice<InvoicePaid>()), "order_not_ready");
  EXPECT_EQ(parked(about_invoice<InvoiceCanceled>()), "order_not_ready");
}

TEST_F(Messages, ACanceledListEndsItsApprovedOrderOnce) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  ASSERT_EQ(after(approve()), "OrderApproved Reply ");
  EXPECT_EQ(after(list_canceled()), "OrderCanceled ");
  EXPECT_EQ(after(list_canceled()), "");
  EXPECT_EQ(after(reject()), "Reply ") << "the saga has nothing to undo here";
}

TEST_F(Messages, ACanceledListBeforeTheApprovalEndsTheOrderWithItAndTheSagaIsAnswered) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  EXPECT_EQ(after(list_canceled()), "");
  EXPECT_EQ(after(list_canceled()), "");
  EXPECT_EQ(after(approve()), "OrderApproved OrderCanceled Reply ");
}

TEST_F(Messages, AListThatTheSagaCancelsDoesNotKeepItFromRejectingTheOrder) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  EXPECT_EQ(after(list_canceled()), "");
  EXPECT_EQ(after(reject()), "OrderRejected Reply ");
  EXPECT_EQ(after(list_canceled()), "");
}

TEST_F(Messages, ACanceledInvoiceEndsItsReadyOrderOnce) {
  ASSERT_EQ(after(checked_out()), "OrderCreated ");
  ASSERT_EQ(after(approve()), "OrderApproved Reply ");
  ASSERT_EQ(after(picked()), "OrderReadied ");
  EXPECT_EQ(after(about_invoice<InvoiceCanceled>()), "OrderCanceled ");
  EXPECT_EQ(after(about_invoice<InvoiceCanceled>()), "");
}

TEST_F(Messages, WhatCannotBeReadIsMalformed) {
  auto no_total = checked_out();
  no_total.clear_total();
  auto no_product = checked_out();
  no_product.mutable_items(0)->set_product_id("tea");
  for (const auto& event : {no_total, no_product, BasketCheckedOut{}}) EXPECT_EQ(kind_of_failure(event), ErrorKind::malformed);
  EXPECT_EQ(kind_of_failure(ShoppingListCompleted{}), ErrorKind::malformed);
  EXPECT_EQ(kind_of_failure(ShoppingListCanceled{}), ErrorKind::malformed);
  EXPECT_EQ(kind_of_failure(InvoiceCreated{}), ErrorKind::malformed);
  EXPECT_EQ(kind_of_failure(InvoicePaid{}), ErrorKind::malformed);
  EXPECT_EQ(kind_of_failure(InvoiceCanceled{}), ErrorKind::malformed);
}

}  // namespace
}  // namespace ordering::tests
