#include "baskets/internal/app/basket_changes.hpp"

namespace baskets::app {

pkg::errors::Result<> BasketChanges::record(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::es::Loaded<domain::Basket>& basket,
                                            const std::vector<domain::BasketEvent>& events) const {
  if (events.empty()) return {};
  // The append comes first: it makes the later of two writers of one basket wait, so that news leave in the order of versions.
  if (auto appended = store_.append(unit, id, basket, events); !appended) return appended;
  if (basket.state.status != domain::BasketStatus::open) {
    open_baskets_.remove(unit, id);
  } else if (basket.version == events.size()) {  // it was just started
    open_baskets_.add(unit, id, basket.state.touched_at);
  }
  news_.tell(unit, id, basket, events);
  return {};
}

}  // namespace baskets::app
