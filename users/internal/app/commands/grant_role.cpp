#include "users/internal/app/commands/grant_role.hpp"

namespace users::app {

Changed GrantRoleHandler::operator()(pkg::uow::UnitOfWork& unit, const GrantRole& command) const {
  return changes_.change(unit, command.user, command.if_version,
                         [&](const domain::User& user) { return domain::grant_role(user, command.role); });
}

}  // namespace users::app
