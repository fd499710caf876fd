#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

pkg::errors::Result<> ProductChanges::record(pkg::uow::UnitOfWork& unit, const domain::ProductId& id,
                                             pkg::es::Loaded<domain::Product>& product,
                                             const std::vector<domain::ProductEvent>& events) const {
  if (events.empty()) return {};
  // The append comes first: it makes the later of two writers of one product wait, so that news leave in the order of versions.
  if (auto appended = products_.append(unit, id, product, events); !appended) return appended;
  catalog_.note(unit, id, product);
  news_.tell(unit, id, product, events);
  return {};
}

}  // namespace stores::app
