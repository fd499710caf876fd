#include "payments/internal/ports/handlers/domain_events.hpp"

#include <variant>

#include "payments/internal/constants/names.hpp"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"

namespace payments::ports {
namespace {

namespace pb = mallbots::payments::v1;

struct TellPayment {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const domain::Payment& payment;

  void operator()(const domain::PaymentAuthorized& event) const {
    auto message = about_payment<pb::PaymentAuthorized>();
    message.set_user_id(event.user.to_string());
    *message.mutable_amount() = pkg::money::to_proto(event.amount);
    publish(message);
  }
  void operator()(const domain::PaymentConfirmed& event) const {
    auto message = about_payment<pb::PaymentConfirmed>();
    message.set_order_id(event.order.to_string());
    publish(message);
  }
  void operator()(const domain::PaymentCaptured& event) const {
    auto message = about_payment<pb::PaymentCaptured>();
    message.set_order_id(event.order.to_string());
    *message.mutable_amount() = pkg::money::to_proto(event.amount);
    publish(message);
  }
  void operator()(const domain::PaymentReleased& event) const {
    auto message = about_payment<pb::PaymentReleased>();
    if (event.order) message.set_order_id(event.order->to_string());
    publish(message);
  }

  template <class P>
  P about_payment() const {
    P message;
    message.set_payment_id(payment.id.to_string());
    return message;
  }
  void publish(const google::protobuf::MessageLite& message) const {
    publisher.event(unit, constants::payment_events, payment.id.to_string(), payment.version, message);
  }
};

struct TellInvoice {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const domain::Invoice& invoice;

  void operator()(const domain::InvoiceCreated& event) const {
    auto message = about_invoice<pb::InvoiceCreated>();
    message.set_user_id(invoice.user.to_string());
    *message.mutable_amount() = pkg::money::to_proto(event.amount);
    publish(message);
  }
  void operator()(const domain::InvoiceAdjusted& event) const {
    auto message = about_invoice<pb::InvoiceAdjusted>();
    *message.mutable_amount() = pkg::money::to_proto(event.amount);
    publish(message);
  }
  void operator()(const domain::InvoicePaid& event) const {
    auto message = about_invoice<pb::InvoicePaid>();
    message.set_user_id(invoice.user.to_string());
    *message.mutable_amount() = pkg::money::to_proto(event.amount);
    publish(message);
  }
  void operator()(const domain::InvoiceCanceled&) const { publish(about_invoice<pb::InvoiceCanceled>()); }

  template <class P>
  P about_invoice() const {
    P message;
    message.set_invoice_id(invoice.id.to_string());
    message.set_order_id(invoice.order.to_string());
    return message;
  }
  void publish(const google::protobuf::MessageLite& message) const {
    publisher.event(unit, constants::invoice_events, invoice.id.to_string(), invoice.version, message);
  }
};

}  // namespace

void PublishedPaymentNews::tell(pkg::uow::UnitOfWork& unit, const domain::Payment& after, std::span<const domain::PaymentEvent> events) {
  for (const auto& event : events) std::visit(TellPayment{publisher_, unit, after}, event);
}

void PublishedInvoiceNews::tell(pkg::uow::UnitOfWork& unit, const domain::Invoice& after, std::span<const domain::InvoiceEvent> events) {
  for (const auto& event : events) std::visit(TellInvoice{publisher_, unit, after}, event);
}

}  // namespace payments::ports
