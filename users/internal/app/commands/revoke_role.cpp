#include "users/internal/app/commands/revoke_role.hpp"

namespace users::app {

Changed RevokeRoleHandler::operator()(pkg::uow::UnitOfWork& unit, const RevokeRole& command) const {
  const auto others = store_.others_operate(unit, command.user);
  if (!others) return pkg::errors::pass_on(others);
  return changes_.change(unit, command.user, command.if_version,
                         [&](const domain::User& user) { return domain::revoke_role(user, command.role, *others); });
}

}  // namespace users::app
