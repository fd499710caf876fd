#include "search/internal/app/queries/get_order.hpp"

namespace search::app {

pkg::errors::Result<FoundOrder> GetOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const GetOrder& query) const {
  auto found = orders_.find(unit, query.order);
  if (!found) return pkg::errors::pass_on(found);
  const auto owner = *found ? std::optional((*found)->user) : std::nullopt;
  if (const auto visible = domain::may_see(owner, query.by); !visible) return std::unexpected(domain::to_error(visible.error()));
  return std::move(**found);
}

}  // namespace search::app
