#include "stores/internal/app/queries/list_products.hpp"

namespace stores::app {

pkg::errors::Result<pkg::paging::Slice<ProductView>> ListProductsHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                     const ListProducts& query) const {
  const auto store = mall_.find(unit, query.store);
  if (!store) return pkg::errors::pass_on(store);
  if (!*store) return std::unexpected(domain::to_error(domain::no_such_store()));
  return catalog_.of_store(unit, query.store, query.page);
}

}  // namespace stores::app
