#include "ordering/internal/app/queries/get_order.hpp"

namespace ordering::app {

pkg::errors::Result<OrderView> GetOrderHandler::operator()(pkg::uow::UnitOfWork& unit, const GetOrder& query) const {
  auto found = book_.find(unit, query.order);
  if (!found) return pkg::errors::pass_on(found);
  const auto status = *found ? (*found)->status : domain::OrderStatus::none;
  const auto user = *found ? (*found)->user : domain::UserId{};
  if (auto visible = domain::may_see(status, user, query.by); !visible) return std::unexpected(domain::to_error(visible.error()));
  return std::move(**found);
}

}  // namespace ordering::app
