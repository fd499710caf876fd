#include "ordering/internal/app/order_changes.hpp"

namespace ordering::app {

pkg::errors::Result<> OrderChanges::record(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, pkg::es::Loaded<domain::Order>& order,
                                           const std::vector<domain::OrderEvent>& events) const {
  if (events.empty()) return {};
  // The append comes first: it makes the later of two writers of one order wait, so that news leave in the order of versions.
  if (auto appended = store_.append(unit, id, order, events); !appended) return appended;
  book_.note(unit, id, order, events);
  news_.tell(unit, id, order, events);
  return {};
}

}  // namespace ordering::app
