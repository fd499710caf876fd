#include "ordering/internal/app/queries/list_orders.hpp"

namespace ordering::app {

pkg::errors::Result<pkg::paging::Slice<OrderView>> ListOrdersHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                 const ListOrders& query) const {
  return book_.of_user(unit, query.by, query.page);
}

}  // namespace ordering::app
