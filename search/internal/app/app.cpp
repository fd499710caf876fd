#include "search/internal/app/app.hpp"

namespace search::app {

using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

Application::Application(const Needs& needs)
    : transactor_(needs.transactor), search_products_(needs.products), search_orders_(needs.orders), get_order_(needs.orders) {}

pkg::errors::Result<pkg::paging::Slice<FoundProduct>> Application::search_products(const Cause& cause, const ProductQuery& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return search_products_(unit, query); });
}

pkg::errors::Result<pkg::paging::Slice<FoundOrder>> Application::search_orders(const Cause& cause, const SearchOrders& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return search_orders_(unit, query); });
}

pkg::errors::Result<FoundOrder> Application::get_order(const Cause& cause, const GetOrder& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return get_order_(unit, query); });
}

}  // namespace search::app
