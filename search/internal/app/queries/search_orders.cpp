#include "search/internal/app/queries/search_orders.hpp"

namespace search::app {

pkg::errors::Result<pkg::paging::Slice<FoundOrder>> SearchOrdersHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                    const SearchOrders& query) const {
  OrderQuery filter = query.filter;
  filter.user = domain::whose_orders(query.user, query.by);
  return orders_.list(unit, filter);
}

}  // namespace search::app
