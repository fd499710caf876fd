#include "users/internal/app/commands/update_user.hpp"

namespace users::app {

Changed UpdateUserHandler::operator()(pkg::uow::UnitOfWork& unit, const UpdateUser& command,
                                      const std::optional<NewPassword>& password) const {
  const domain::Update update{command.email, password ? std::optional(password->hash) : std::nullopt};
  auto updated = changes_.change(unit, command.user, command.if_version, [&](const domain::User& user) -> domain::Decision {
    if (password && user.password_hash != password->verified_hash) return std::unexpected(domain::wrong_current_password());
    return domain::update(user, update);
  });
  if (updated && password) sessions_.revoke_all(unit, command.user);
  return updated;
}

}  // namespace users::app
