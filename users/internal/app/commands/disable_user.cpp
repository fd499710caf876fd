#include "users/internal/app/commands/disable_user.hpp"

namespace users::app {

Changed DisableUserHandler::operator()(pkg::uow::UnitOfWork& unit, const DisableUser& command) const {
  const auto others = store_.others_operate(unit, command.user);
  if (!others) return pkg::errors::pass_on(others);
  auto disabled =
      changes_.change(unit, command.user, command.if_version, [&](const domain::User& user) { return domain::disable(user, *others); });
  if (disabled) sessions_.revoke_all(unit, command.user);
  return disabled;
}

}  // namespace users::app
