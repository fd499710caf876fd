#include "ordering/internal/ports/handlers/integration_events.hpp"

#include "baskets/basketspb/messages.pb.h"
#include "depot/depotpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"

namespace ordering::ports {
namespace {

using domain::InvoiceId;
using domain::OrderId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

Result<domain::OrderItem> read_item(const mallbots::baskets::v1::BasketCheckedOut::Item& item) {
  const auto product = read_id<domain::ProductId>(item.product_id(), "items.product_id");
  if (!product) return pass_on(product);
  const auto store = read_id<domain::StoreId>(item.store_id(), "items.store_id");
  if (!store) return pass_on(store);
  const auto price = pkg::money::from_proto(item.price(), "items.price");
  if (!price) return pass_on(price);
  return domain::OrderItem{*product, *store, item.product_name(), item.store_name(), *price, item.quantity()};
}

Result<app::CreateOrder> read_order(const mallbots::baskets::v1::BasketCheckedOut& event) {
  const auto order = read_id<OrderId>(event.basket_id(), "basket_id");
  if (!order) return pass_on(order);
  const auto user = read_id<domain::UserId>(event.user_id(), "user_id");
  if (!user) return pass_on(user);
  const auto payment = read_id<domain::PaymentId>(event.payment_id(), "payment_id");
  if (!payment) return pass_on(payment);
  const auto total = pkg::money::from_proto(event.total(), "total");
  if (!total) return pass_on(total);
  app::CreateOrder command{*order, *user, *payment, {}, *total};
  for (const auto& item : event.items()) {
    auto line = read_item(item);
    if (!line) return pass_on(line);
    command.items.push_back(std::move(*line));
  }
  return command;
}

Result<> done(const app::Changed& changed) {
  if (!changed) return pass_on(changed);
  return {};
}

}  // namespace

void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app) {
  handlers.on<mallbots::baskets::v1::BasketCheckedOut>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::baskets::v1::BasketCheckedOut& event) -> Result<> {
        const auto command = read_order(event);
        if (!command) return pass_on(command);
        return done(app.create_order(unit, *command));
      });
  handlers.on<mallbots::depot::v1::ShoppingListCompleted>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::depot::v1::ShoppingListCompleted& event) -> Result<> {
        const auto order = read_id<OrderId>(event.order_id(), "order_id");
        if (!order) return pass_on(order);
        return done(app.ready_order(unit, {*order}));
      });
  handlers.on<mallbots::depot::v1::ShoppingListCanceled>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::depot::v1::ShoppingListCanceled& event) -> Result<> {
        const auto order = read_id<OrderId>(event.order_id(), "order_id");
        if (!order) return pass_on(order);
        return done(app.cancel_unpicked_order(unit, {*order}));
      });
  handlers.on<mallbots::payments::v1::InvoiceCreated>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::payments::v1::InvoiceCreated& event) -> Result<> {
        const auto order = read_id<OrderId>(event.order_id(), "order_id");
        if (!order) return pass_on(order);
        const auto invoice = read_id<InvoiceId>(event.invoice_id(), "invoice_id");
        if (!invoice) return pass_on(invoice);
        app.note_invoice(unit, *order, *invoice);
        return {};
      });
  handlers.on<mallbots::payments::v1::InvoicePaid>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::payments::v1::InvoicePaid& event) -> Result<> {
        const auto order = read_id<OrderId>(event.order_id(), "order_id");
        if (!order) return pass_on(order);
        const auto invoice = read_id<InvoiceId>(event.invoice_id(), "invoice_id");
        if (!invoice) return pass_on(invoice);
        return done(app.complete_order(unit, {*order, *invoice}));
      });
  handlers.on<mallbots::payments::v1::InvoiceCanceled>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::payments::v1::InvoiceCanceled& event) -> Result<> {
        const auto order = read_id<OrderId>(event.order_id(), "order_id");
        if (!order) return pass_on(order);
        return done(app.cancel_unpaid_order(unit, {*order}));
      });
}

}  // namespace ordering::ports
