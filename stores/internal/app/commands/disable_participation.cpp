#include "stores/internal/app/commands/disable_participation.hpp"

namespace stores::app {

ChangedStore DisableParticipationHandler::operator()(pkg::uow::UnitOfWork& unit, const DisableParticipation& command) const {
  return changes_.change(unit, command.store, command.if_version,
                         [&](const domain::Store& store) { return domain::disable_participation(store, command.by); });
}

}  // namespace stores::app
