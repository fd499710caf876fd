#include "stores/internal/app/queries/list_stores.hpp"

namespace stores::app {

pkg::errors::Result<pkg::paging::Slice<StoreView>> ListStoresHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                 const ListStores& query) const {
  return mall_.list(unit, query.participating, query.page);
}

}  // namespace stores::app
