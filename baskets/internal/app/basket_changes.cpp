#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

pkg::errors::Result<> BasketChanges::record(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::es::Loaded<domain::Basket>& basket,
                                            const std::vector<domain::BasketEvent>& events) const {
  if (events.empty()) return {};
  // The append comes first: it makes the later of two writers of one basket wait, so that news leave in the order of versions.
  if (auto appended = store_.append(unit, id, basket, events); !appended) return appended;
  open_baskets_.note(unit, id, basket.state);
  news_.tell(unit, id, basket, events);
  return {};
}

}  // namespace baskets::app
