#include "stores/internal/app/commands/rebrand_store.hpp"

namespace stores::app {

ChangedStore RebrandStoreHandler::operator()(pkg::uow::UnitOfWork& unit, const RebrandStore& command) const {
  return changes_.change(unit, command.store, command.if_version,
                         [&](const domain::Store& store) { return domain::rebrand(store, command.by, command.name); });
}

}  // namespace stores::app
