#pragma once

#include "payments/internal/app/changes.hpp"

namespace payments::app {

/// An order is ready: the shopper is asked for its total.
struct RaiseInvoice {
  domain::InvoiceId invoice;  ///< for a new one
  domain::OrderId order;
  domain::UserId user;
  domain::PaymentId payment;
  pkg::money::Money amount;
};

class RaiseInvoiceHandler {
 public:
  /// With `auto_capture` the invoice is paid without the shopper, as soon as the gateway lets it.
  RaiseInvoiceHandler(const PaymentChanges& payments, const InvoiceChanges& invoices, InvoiceStore& store, GatewayTasks& tasks,
                      bool auto_capture)
      : payments_(payments), invoices_(invoices), store_(store), tasks_(tasks), auto_capture_(auto_capture) {}
  /// Does nothing where the order has an invoice.
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const RaiseInvoice& command) const;

 private:
  const PaymentChanges& payments_;
  const InvoiceChanges& invoices_;
  InvoiceStore& store_;
  GatewayTasks& tasks_;
  bool auto_capture_;
};

}  // namespace payments::app
