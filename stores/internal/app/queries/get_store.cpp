#include "stores/internal/app/queries/get_store.hpp"

namespace stores::app {

pkg::errors::Result<StoreView> GetStoreHandler::operator()(pkg::uow::UnitOfWork& unit, const GetStore& query) const {
  auto found = mall_.find(unit, query.store);
  if (!found) return pkg::errors::pass_on(found);
  if (!*found) return std::unexpected(domain::to_error(domain::no_such_store()));
  return std::move(**found);
}

}  // namespace stores::app
