#include "users/internal/app/commands/enable_user.hpp"

namespace users::app {

Changed EnableUserHandler::operator()(pkg::uow::UnitOfWork& unit, const EnableUser& command) const {
  return changes_.change(unit, command.user, command.if_version, [](const domain::User& user) { return domain::enable(user); });
}

}  // namespace users::app
