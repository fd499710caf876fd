#include "notifications/internal/app/commands/change_address.hpp"

namespace notifications::app {

void ChangeAddressHandler::operator()(pkg::uow::UnitOfWork& unit, const ChangeAddress& command) const {
  acquaintances_.learn(unit, PersonFact{command.user, {}, command.email, command.version});
  queue_.hurry(unit, command.user, clock_.now());
}

}  // namespace notifications::app
