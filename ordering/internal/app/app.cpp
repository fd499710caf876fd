#include "ordering/internal/app/app.hpp"

namespace ordering::app {

using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

Application::Application(const Needs& needs)
    : needs_(needs),
      changes_(needs.orders, needs.book, needs.news, needs.clock),
      create_order_(changes_),
      approve_order_(changes_),
      reject_order_(changes_),
      ready_order_(changes_),
      cancel_unpicked_order_(changes_),
      cancel_unpaid_order_(changes_),
      complete_order_(changes_),
      cancel_order_(changes_),
      get_order_(needs.book),
      list_orders_(needs.book) {}

Changed Application::cancel_order(const Cause& cause, const CancelOrder& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return cancel_order_(unit, command); });
}

pkg::errors::Result<OrderView> Application::get_order(const Cause& cause, const GetOrder& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return get_order_(unit, query); });
}

pkg::errors::Result<pkg::paging::Slice<OrderView>> Application::list_orders(const Cause& cause, const ListOrders& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return list_orders_(unit, query); });
}

}  // namespace ordering::app
