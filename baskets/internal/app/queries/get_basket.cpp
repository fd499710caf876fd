#include "baskets/internal/app/queries/get_basket.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> GetBasketHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                  const GetBasket& query) const {
  auto loaded = store_.load(unit, query.basket, pkg::es::Look::stored);
  if (!loaded) return loaded;
  if (auto visible = domain::may_see(loaded->state, query.by); !visible) return std::unexpected(domain::to_error(visible.error()));
  return loaded;
}

}  // namespace baskets::app
