#include "notifications/internal/app/commands/welcome_user.hpp"

namespace notifications::app {

void WelcomeUserHandler::operator()(pkg::uow::UnitOfWork& unit, const WelcomeUser& command) const {
  acquaintances_.learn(unit, PersonFact{command.user, command.username, command.email, command.version});
  announcer_.announce(unit, command.user, domain::Kind::welcome, {}, domain::welcome_text(command.username));
  queue_.hurry(unit, command.user, clock_.now());
}

}  // namespace notifications::app
