#include "payments/internal/ports/grpc/server.hpp"

#include <google/protobuf/util/time_util.h>

#include "payments/paymentspb/api.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"

namespace payments::ports {
namespace {

namespace pb = mallbots::payments::v1;
using domain::InvoiceId;
using domain::InvoiceStatus;
using domain::PaymentId;
using domain::PaymentStatus;
using domain::UserId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_caller;
using pkg::rpc::read_id;

/// That the gateway is being asked is payments' own affair: to a caller the payment is still confirmed, the invoice still pending.
pb::Payment::Status to_proto(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::none: return pb::Payment::STATUS_UNSPECIFIED;
    case PaymentStatus::authorized: return pb::Payment::AUTHORIZED;
    case PaymentStatus::confirmed:
    case PaymentStatus::capturing: return pb::Payment::CONFIRMED;
    case PaymentStatus::captured: return pb::Payment::CAPTURED;
    case PaymentStatus::released: return pb::Payment::RELEASED;
  }
  std::unreachable();
}

pb::Invoice::Status to_proto(InvoiceStatus status) {
  switch (status) {
    case InvoiceStatus::none: return pb::Invoice::STATUS_UNSPECIFIED;
    case InvoiceStatus::pending:
    case InvoiceStatus::paying: return pb::Invoice::PENDING;
    case InvoiceStatus::paid: return pb::Invoice::PAID;
    case InvoiceStatus::canceled: return pb::Invoice::CANCELED;
  }
  std::unreachable();
}

pb::Payment to_proto(const domain::Payment& payment) {
  pb::Payment message;
  message.set_id(payment.id.to_string());
  message.set_user_id(payment.user.to_string());
  *message.mutable_amount() = pkg::money::to_proto(payment.amount);
  message.set_method(payment.method);
  message.set_status(to_proto(payment.status));
  if (payment.order) message.set_order_id(payment.order->to_string());
  if (payment.status == PaymentStatus::captured && payment.capture) *message.mutable_captured() = pkg::money::to_proto(*payment.capture);
  if (payment.status == PaymentStatus::authorized) {
    *message.mutable_expires_at() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(payment.expires_at));
  }
  message.set_version(payment.version);
  return message;
}

pb::Invoice to_proto(const domain::Invoice& invoice) {
  pb::Invoice message;
  message.set_id(invoice.id.to_string());
  message.set_order_id(invoice.order.to_string());
  message.set_user_id(invoice.user.to_string());
  message.set_payment_id(invoice.payment.to_string());
  *message.mutable_amount() = pkg::money::to_proto(invoice.amount);
  message.set_status(to_proto(invoice.status));
  message.set_version(invoice.version);
  return message;
}

Result<domain::Actor> read_actor(const Call& call) {
  const auto user = read_caller<UserId>(call.caller);
  if (!user) return pass_on(user);
  return domain::Actor{*user, call.caller.has_role("operator")};
}

Result<pb::Invoice> answer(const Result<domain::Invoice>& invoice) {
  if (!invoice) return pass_on(invoice);
  return to_proto(*invoice);
}

class Calls {
 public:
  Calls(const app::Application& app, pkg::ids::IdSource& ids) : app_(app), ids_(ids) {}

  Result<pb::AuthorizePaymentResponse> authorize(const Call& call, const pb::AuthorizePaymentRequest& request) const {
    const auto user = read_caller<UserId>(call.caller);
    if (!user) return pass_on(user);
    const auto amount = pkg::money::from_proto(request.amount(), "amount");
    if (!amount) return pass_on(amount);
    const auto payment = app_.authorize_payment(call.cause, {PaymentId::make(ids_), *user, *amount, request.method()});
    if (!payment) return pass_on(payment);
    pb::AuthorizePaymentResponse response;
    response.set_id(payment->id.to_string());
    return response;
  }

  Result<pb::Payment> get_payment(const Call& call, const pb::GetPaymentRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto id = read_id<PaymentId>(request.id(), "id");
    if (!id) return pass_on(id);
    const auto payment = app_.get_payment(call.cause, {*id, *actor});
    if (!payment) return pass_on(payment);
    return to_proto(*payment);
  }

  Result<pb::ListInvoicesResponse> list(const Call& call, const pb::ListInvoicesRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    std::optional<domain::OrderId> order;
    if (!request.order_id().empty()) {
      const auto named = read_id<domain::OrderId>(request.order_id(), "orderId");
      if (!named) return pass_on(named);
      order = *named;
    }
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::InvoiceStore::cursor_parts);
    if (!page) return pass_on(page);
    const auto invoices = app_.list_invoices(call.cause, {*actor, order, *page});
    if (!invoices) return pass_on(invoices);
    pb::ListInvoicesResponse response;
    for (const auto& invoice : invoices->items) *response.add_invoices() = to_proto(invoice);
    response.set_next_page_token(pkg::paging::write_token(invoices->next));
    return response;
  }

  Result<pb::Invoice> get_invoice(const Call& call, const pb::GetInvoiceRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto id = read_id<InvoiceId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(app_.get_invoice(call.cause, {*id, *actor}));
  }

  Result<pb::Invoice> pay(const Call& call, const pb::PayInvoiceRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto id = read_id<InvoiceId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(app_.pay_invoice(call.cause, {*id, *actor, call.if_match}));
  }

  Result<pb::Invoice> adjust(const Call& call, const pb::AdjustInvoiceRequest& request) const {
    const auto id = read_id<InvoiceId>(request.id(), "id");
    if (!id) return pass_on(id);
    const auto amount = pkg::money::from_proto(request.amount(), "amount");
    if (!amount) return pass_on(amount);
    return answer(app_.adjust_invoice(call.cause, {*id, *amount, call.if_match}));
  }

  Result<pb::Invoice> cancel(const Call& call, const pb::CancelInvoiceRequest& request) const {
    const auto id = read_id<InvoiceId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(app_.cancel_invoice(call.cause, {*id, call.if_match}));
  }

 private:
  const app::Application& app_;
  pkg::ids::IdSource& ids_;
};

}  // namespace

pkg::rpc::Service payments_service(const app::Application& app, pkg::ids::IdSource& ids) {
  const Calls calls(app, ids);
  return pkg::rpc::Service("mallbots.payments.v1.PaymentsService")
      .unary("AuthorizePayment", calls, &Calls::authorize)
      .unary("GetPayment", calls, &Calls::get_payment)
      .unary("ListInvoices", calls, &Calls::list)
      .unary("GetInvoice", calls, &Calls::get_invoice)
      .unary("PayInvoice", calls, &Calls::pay)
      .unary("AdjustInvoice", calls, &Calls::adjust)
      .unary("CancelInvoice", calls, &Calls::cancel);
}

}  // namespace payments::ports
