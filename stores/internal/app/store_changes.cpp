#include "stores/internal/app/store_changes.hpp"

namespace stores::app {

pkg::errors::Result<> StoreChanges::record(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, pkg::es::Loaded<domain::Store>& store,
                                           const std::vector<domain::StoreEvent>& events) const {
  if (events.empty()) return {};
  // The append comes first: it makes the later of two writers of one store wait, so that news leave in the order of versions.
  if (auto appended = store_.append(unit, id, store, events); !appended) return appended;
  mall_.note(unit, id, store);
  news_.tell(unit, id, store, events);
  return {};
}

}  // namespace stores::app
