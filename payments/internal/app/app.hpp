#pragma once
// What payments can do: its commands and queries, each in its own file. The handlers work in a unit of work that is passed to them
// (messages bring their own); Application opens one for calls that come from outside, and asks the gateway between units.

#include "payments/internal/app/commands/adjust_invoice.hpp"
#include "payments/internal/app/commands/cancel_invoice.hpp"
#include "payments/internal/app/commands/confirm_payment.hpp"
#include "payments/internal/app/commands/expire_payment.hpp"
#include "payments/internal/app/commands/pay_invoice.hpp"
#include "payments/internal/app/commands/raise_invoice.hpp"
#include "payments/internal/app/commands/record_authorization.hpp"
#include "payments/internal/app/commands/release_payment.hpp"
#include "payments/internal/app/gateway_work.hpp"
#include "payments/internal/app/payment_gateway.hpp"
#include "payments/internal/app/ports.hpp"
#include "payments/internal/app/queries/get_invoice.hpp"
#include "payments/internal/app/queries/get_payment.hpp"
#include "payments/internal/app/queries/list_invoices.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace payments::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  PaymentStore& payments;
  InvoiceStore& invoices;
  GatewayTasks& tasks;
  PaymentGateway& gateway;
  PaymentNews& payment_news;
  InvoiceNews& invoice_news;
  const pkg::clock::Clock& clock;
};

struct Rules {
  pkg::clock::Duration authorization_lifetime = std::chrono::hours{7 * 24};  ///< how long an authorization may wait for an order
  bool auto_capture = false;                                               ///< invoices are paid without the shopper
};

struct AuthorizePayment {
  domain::PaymentId payment;
  domain::UserId by;
  pkg::money::Money amount;
  std::string method;
};

class Application {
 public:
  Application(const Needs& needs, const Rules& rules);
  Application(const Application&) = delete;  // the handlers refer to payments_ and invoices_ here
  Application& operator=(const Application&) = delete;

  // For messages: in the unit of work of the message.
  pkg::errors::Result<domain::Payment> confirm_payment(pkg::uow::UnitOfWork& unit, const ConfirmPayment& command) const {
    return confirm_payment_(unit, command);
  }
  pkg::errors::Result<domain::Payment> release_payment(pkg::uow::UnitOfWork& unit, const ReleasePayment& command) const {
    return release_payment_(unit, command);
  }
  pkg::errors::Result<> raise_invoice(pkg::uow::UnitOfWork& unit, const RaiseInvoice& command) const {
    return raise_invoice_(unit, command);
  }

  // For calls from outside.
  /// Fails with amount_not_positive, unknown_payment_method, payment_declined, and with `unavailable` where the gateway is away. What the
  /// gateway may hold for a payment that did not come about is given back later.
  pkg::errors::Result<domain::Payment> authorize_payment(const pkg::uow::Cause& cause, const AuthorizePayment& command) const;
  /// Gives the paid invoice. Fails with the rejections of invoice and payment, with capture_failed, and with `unavailable`, code
  /// "gateway_unavailable": then the invoice is paid as soon as the gateway answers again.
  pkg::errors::Result<domain::Invoice> pay_invoice(const pkg::uow::Cause& cause, const PayInvoice& command) const;
  pkg::errors::Result<domain::Invoice> adjust_invoice(const pkg::uow::Cause& cause, const AdjustInvoice& command) const;
  pkg::errors::Result<domain::Invoice> cancel_invoice(const pkg::uow::Cause& cause, const CancelInvoice& command) const;
  pkg::errors::Result<domain::Payment> get_payment(const pkg::uow::Cause& cause, const GetPayment& query) const;
  pkg::errors::Result<domain::Invoice> get_invoice(const pkg::uow::Cause& cause, const GetInvoice& query) const;
  pkg::errors::Result<pkg::paging::Slice<domain::Invoice>> list_invoices(const pkg::uow::Cause& cause, const ListInvoices& query) const;

  // For the agent's periodic tasks.
  pkg::errors::Result<GatewayWork::Round> work_for_gateway(int limit, const GatewayWork::Spread& spread) const {
    return gateway_work_.perform_due(limit, spread);
  }
  /// Releases payments that no order used in their time, at most `limit`, each in a unit of its own. Gives how many it looked at, so
  /// that fewer than `limit` means that none are left.
  pkg::errors::Result<int> expire_payments(const pkg::uow::Cause& cause, int limit) const;

 private:
  Needs needs_;
  Rules rules_;
  PaymentChanges payments_;
  InvoiceChanges invoices_;
  GatewayWork gateway_work_;
  RecordAuthorizationHandler record_authorization_;
  ConfirmPaymentHandler confirm_payment_;
  ReleasePaymentHandler release_payment_;
  ExpirePaymentHandler expire_payment_;
  RaiseInvoiceHandler raise_invoice_;
  PayInvoiceHandler pay_invoice_;
  AdjustInvoiceHandler adjust_invoice_;
  CancelInvoiceHandler cancel_invoice_;
  GetPaymentHandler get_payment_;
  GetInvoiceHandler get_invoice_;
  ListInvoicesHandler list_invoices_;
};

}  // namespace payments::app
