#pragma once
// What ordering can do: its commands and queries, each in its own file. The handlers work in a unit of work that is passed to them
// (messages bring their own); Application opens one for calls that come from outside.

#include "ordering/internal/app/commands/approve_order.hpp"
#include "ordering/internal/app/commands/cancel_order.hpp"
#include "ordering/internal/app/commands/cancel_unpaid_order.hpp"
#include "ordering/internal/app/commands/cancel_unpicked_order.hpp"
#include "ordering/internal/app/commands/complete_order.hpp"
#include "ordering/internal/app/commands/create_order.hpp"
#include "ordering/internal/app/commands/ready_order.hpp"
#include "ordering/internal/app/commands/reject_order.hpp"
#include "ordering/internal/app/ports.hpp"
#include "ordering/internal/app/queries/get_order.hpp"
#include "ordering/internal/app/queries/list_orders.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace ordering::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  OrderStore& orders;
  OrderBook& book;
  OrderNews& news;
  const pkg::clock::Clock& clock;
};

class Application {
 public:
  explicit Application(const Needs& needs);
  Application(const Application&) = delete;  // the handlers refer to changes_ here
  Application& operator=(const Application&) = delete;

  // For messages: in the unit of work of the message.
  Changed create_order(pkg::uow::UnitOfWork& unit, const CreateOrder& command) const { return create_order_(unit, command); }
  Changed approve_order(pkg::uow::UnitOfWork& unit, const ApproveOrder& command) const { return approve_order_(unit, command); }
  Changed reject_order(pkg::uow::UnitOfWork& unit, const RejectOrder& command) const { return reject_order_(unit, command); }
  Changed ready_order(pkg::uow::UnitOfWork& unit, const ReadyOrder& command) const { return ready_order_(unit, command); }
  Changed cancel_unpicked_order(pkg::uow::UnitOfWork& unit, const CancelUnpickedOrder& command) const {
    return cancel_unpicked_order_(unit, command);
  }
  Changed cancel_unpaid_order(pkg::uow::UnitOfWork& unit, const CancelUnpaidOrder& command) const {
    return cancel_unpaid_order_(unit, command);
  }
  Changed complete_order(pkg::uow::UnitOfWork& unit, const CompleteOrder& command) const { return complete_order_(unit, command); }
  /// payments made an invoice for the order. The unit fails with no_such_order.
  void note_invoice(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::InvoiceId& invoice) const {
    needs_.book.note_invoice(unit, order, invoice);
  }

  // For calls from outside: each in a unit of its own.
  Changed cancel_order(const pkg::uow::Cause& cause, const CancelOrder& command) const;
  pkg::errors::Result<OrderView> get_order(const pkg::uow::Cause& cause, const GetOrder& query) const;
  pkg::errors::Result<pkg::paging::Slice<OrderView>> list_orders(const pkg::uow::Cause& cause, const ListOrders& query) const;

 private:
  Needs needs_;
  OrderChanges changes_;
  CreateOrderHandler create_order_;
  ApproveOrderHandler approve_order_;
  RejectOrderHandler reject_order_;
  ReadyOrderHandler ready_order_;
  CancelUnpickedOrderHandler cancel_unpicked_order_;
  CancelUnpaidOrderHandler cancel_unpaid_order_;
  CompleteOrderHandler complete_order_;
  CancelOrderHandler cancel_order_;
  GetOrderHandler get_order_;
  ListOrdersHandler list_orders_;
};

}  // namespace ordering::app
