// The bytes of every message that payments publishes or is sent by command, pinned in tests/golden: a change that another service or a
// stored message would not understand fails here. Old files are never changed.

#include <gtest/gtest.h>

#include <variant>

#include "payments/paymentspb/messages.pb.h"
#include "payments/tests/published.hpp"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/testing/golden.hpp"

namespace payments::tests {
namespace {

namespace pb = mallbots::payments::v1;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

const auto payment_id = id<domain::PaymentId>(31);
const auto invoice_id = id<domain::InvoiceId>(51);
const auto order = id<domain::OrderId>(11);
const auto ann = id<domain::UserId>(1);
pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

void expect_golden(const std::string& type, std::string_view payload) {
  pkg::testing::expect_golden("payments/tests/golden/" + type.substr(type.rfind('.') + 1) + ".hex", payload);
}

/// The one message that telling `event` of `about` puts out.
template <class News, class Aggregate, class Event>
pkg::messaging::Message told(PaymentsOnFakes& service, News& news, const Aggregate& about, const Event& event) {
  const auto done = service.transactor.run({"correlation", "cause", ""}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    news.tell(unit, about, std::span(&event, 1));
    return {};
  });
  EXPECT_TRUE(done);
  const auto sent = service.outbox.take_sent();
  EXPECT_EQ(sent.size(), 1u);
  return sent.empty() ? pkg::messaging::Message{} : sent.front();
}

TEST(GoldenMessages, PaymentEventsKeepTheirBytesAndAreKeyedByThePayment) {
  PaymentsOnFakes service;
  domain::Payment payment;
  payment.id = payment_id;
  payment.version = 7;
  const std::vector<domain::PaymentEvent> events{domain::PaymentAuthorized{ann, eur(500)}, domain::PaymentConfirmed{order},
                                                 domain::PaymentCaptured{order, eur(400)}, domain::PaymentReleased{order}};
  for (const auto& event : events) {
    const auto message = told(service, service.payment_news, payment, event);
    EXPECT_EQ(message.channel, "mallbots.payments.events.Payment");
    EXPECT_EQ(message.key, payment_id.to_string());
    EXPECT_EQ(message.aggregate_version, 7u);
    expect_golden(message.type, message.payload);
  }
}

TEST(GoldenMessages, InvoiceEventsKeepTheirBytesAndAreKeyedByTheInvoice) {
  PaymentsOnFakes service;
  domain::Invoice invoice = domain::create({invoice_id, order, ann, payment_id, eur(400), {}})->state;
  invoice.version = 3;
  const std::vector<domain::InvoiceEvent> events{domain::InvoiceCreated{eur(400)}, domain::InvoiceAdjusted{eur(300)},
                                                 domain::InvoicePaid{eur(300)}, domain::InvoiceCanceled{}};
  for (const auto& event : events) {
    const auto message = told(service, service.invoice_news, invoice, event);
    EXPECT_EQ(message.channel, "mallbots.payments.events.Invoice");
    EXPECT_EQ(message.key, invoice_id.to_string());
    EXPECT_EQ(message.aggregate_version, 3u);
    expect_golden(message.type, message.payload);
  }
}

TEST(GoldenMessages, CommandsKeepTheirBytes) {
  pb::ConfirmPayment confirm;
  confirm.set_order_id(order.to_string());
  confirm.set_payment_id(payment_id.to_string());
  confirm.set_user_id(ann.to_string());
  *confirm.mutable_total() = pkg::money::to_proto(eur(400));
  expect_golden("ConfirmPayment", confirm.SerializeAsString());
  pb::ReleasePayment release;
  release.set_order_id(order.to_string());
  release.set_payment_id(payment_id.to_string());
  expect_golden("ReleasePayment", release.SerializeAsString());
}

}  // namespace
}  // namespace payments::tests
