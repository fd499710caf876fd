#include "stores/internal/app/commands/enable_participation.hpp"

namespace stores::app {

ChangedStore EnableParticipationHandler::operator()(pkg::uow::UnitOfWork& unit, const EnableParticipation& command) const {
  return changes_.change(unit, command.store, command.if_version,
                         [&](const domain::Store& store) { return domain::enable_participation(store, command.by); });
}

}  // namespace stores::app
