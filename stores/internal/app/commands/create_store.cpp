#include "stores/internal/app/commands/create_store.hpp"

namespace stores::app {

ChangedStore CreateStoreHandler::operator()(pkg::uow::UnitOfWork& unit, const CreateStore& command) const {
  return changes_.change(unit, command.store, {}, [&](const domain::Store& store) {
    return domain::create_store(store, command.by, command.name, command.location);
  });
}

}  // namespace stores::app
