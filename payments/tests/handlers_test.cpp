// Messages in, messages out: what the saga and ordering say, and what they hear. Every message may come twice or late.

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "payments/tests/published.hpp"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/saga/headers.hpp"

namespace payments::tests {
namespace {

namespace pb = mallbots::payments::v1;
using pkg::messaging::Message;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Messages : public ::testing::Test, protected PaymentsOnFakes {
 protected:
  const domain::PaymentId payment = id<domain::PaymentId>(31);
  const domain::OrderId order = id<domain::OrderId>(11);
  const domain::UserId ann = id<domain::UserId>(1);
  const pkg::uow::Cause cause{"correlation", "request", ""};
  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

  void SetUp() override {
    ASSERT_TRUE(app.authorize_payment(cause, {payment, ann, eur(500), "sandbox:approve"}));
    EXPECT_EQ(sent_types(), "PaymentAuthorized ");
  }

  template <class P>
  static Message message_of(const P& payload) {
    Message message;
    message.id = "message";
    message.type = P::descriptor()->full_name();
    message.payload = payload.SerializeAsString();
    message.headers = {{std::string(pkg::saga::header::name), "CreateOrder"},
                       {std::string(pkg::saga::header::id), "saga"},
                       {std::string(pkg::saga::header::step), "confirm_payment"},
                       {std::string(pkg::saga::header::direction), "forward"},
                       {std::string(pkg::saga::header::reply_to), "mallbots.cosec.replies.CreateOrder"}};
    return message;
  }
  Message confirm(std::int64_t total = 400) const {
    pb::ConfirmPayment command;
    command.set_order_id(order.to_string());
    command.set_payment_id(payment.to_string());
    command.set_user_id(ann.to_string());
    *command.mutable_total() = pkg::money::to_proto(eur(total));
    return message_of(command);
  }
  Message release() const {
    pb::ReleasePayment command;
    command.set_order_id(order.to_string());
    command.set_payment_id(payment.to_string());
    return message_of(command);
  }
  template <class P>
  P about_order() const {
    P event;
    event.set_order_id(order.to_string());
    event.set_user_id(ann.to_string());
    event.set_payment_id(payment.to_string());
    return event;
  }
  Message canceled() const { return message_of(about_order<mallbots::ordering::v1::OrderCanceled>()); }
  Message readied() const {
    auto event = about_order<mallbots::ordering::v1::OrderReadied>();
    *event.mutable_total() = pkg::money::to_proto(eur(400));
    return message_of(event);
  }

  /// What was sent since the last look: types by their last word, replies with their outcome or the code of their failure.
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
  std::string after(const Message& message) {
    const auto done = receive(message);
    EXPECT_TRUE(done) << done.error().code;
    return sent_types();
  }
};

TEST_F(Messages, AConfirmationIsAnsweredEveryTimeAndDoneOnce) {
  EXPECT_EQ(after(confirm()), "PaymentConfirmed Reply ");
  EXPECT_EQ(after(confirm()), "Reply ");
}

TEST_F(Messages, ARejectionIsTheAnswerWithItsCode) { EXPECT_EQ(after(confirm(501)), "Reply:payment_too_small "); }

TEST_F(Messages, AReleaseIsFineWhetherThereIsSomethingToReleaseOrNot) {
  EXPECT_EQ(after(confirm()), "PaymentConfirmed Reply ");
  EXPECT_EQ(after(release()), "PaymentReleased Reply ");
  EXPECT_EQ(after(release()), "Reply ");
}

TEST_F(Messages, AConfirmationThatIsOvertakenByItsReleaseIsRefused) {
  EXPECT_EQ(after(release()), "Reply ");
  EXPECT_EQ(after(confirm()), "Reply:order_canceled ");
}

TEST_F(Messages, ACanceledOrderGetsItsMoneyBackOnce) {
  EXPECT_EQ(after(confirm()), "PaymentConfirmed Reply ");
  EXPECT_EQ(after(canceled()), "PaymentReleased ");
  EXPECT_EQ(after(canceled()), "");
  EXPECT_EQ(after(release()), "Reply ");
}

TEST_F(Messages, AConfirmationThatIsOvertakenByTheCancellationIsRefused) {
  EXPECT_EQ(after(canceled()), "");
  EXPECT_EQ(after(confirm()), "Reply:order_canceled ");
}

TEST_F(Messages, AReadyOrderGetsOneInvoice) {
  EXPECT_EQ(after(confirm()), "PaymentConfirmed Reply ");
  EXPECT_EQ(after(readied()), "InvoiceCreated ");
  EXPECT_EQ(after(readied()), "");
}

TEST_F(Messages, AReleaseDuringACaptureIsTriedAgainLater) {
  ASSERT_EQ(after(confirm()), "PaymentConfirmed Reply ");
  ASSERT_EQ(after(readied()), "InvoiceCreated ");
  const domain::Actor by_ann{ann};
  const auto invoice = app.list_invoices(cause, {by_ann, order, {}})->items.at(0).id;
  gateway.is_away = true;
  ASSERT_FALSE(app.pay_invoice(cause, {invoice, by_ann, {}}));
  const auto failed = receive(release());
  ASSERT_FALSE(failed);
  EXPECT_TRUE(pkg::errors::is_retryable(failed.error().kind));
  EXPECT_EQ(sent_types(), "") << "the saga waits";
}

TEST_F(Messages, WhatCannotBeReadIsMalformed) {
  pb::ReleasePayment command;
  command.set_order_id("x");
  EXPECT_EQ(after(message_of(command)), "Reply:malformed_id ");
  auto event = about_order<mallbots::ordering::v1::OrderReadied>();
  EXPECT_EQ(receive(message_of(event)).error().kind, pkg::errors::ErrorKind::malformed) << "there is no total";
}

TEST_F(Messages, OtherNewsOfAnOrderHaveNoEffect) {
  mallbots::ordering::v1::OrderRejected event;
  event.set_order_id(order.to_string());
  EXPECT_EQ(after(message_of(event)), "");
}

}  // namespace
}  // namespace payments::tests
