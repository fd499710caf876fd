#include "stores/internal/app/queries/get_product.hpp"

namespace stores::app {

pkg::errors::Result<ProductView> GetProductHandler::operator()(pkg::uow::UnitOfWork& unit, const GetProduct& query) const {
  auto found = catalog_.find(unit, query.product);
  if (!found) return pkg::errors::pass_on(found);
  if (!*found) return std::unexpected(domain::to_error(domain::no_such_product()));
  return std::move(**found);
}

}  // namespace stores::app
