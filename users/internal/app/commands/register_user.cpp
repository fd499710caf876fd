#include "users/internal/app/commands/register_user.hpp"

namespace users::app {

Changed RegisterUserHandler::operator()(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const domain::Account& account,
                                        const std::string& password_hash) const {
  return changes_.change(unit, id, {}, [&](const domain::User& user) {
    return domain::register_user(user, account, password_hash, enable_at_once_, changes_.now());
  });
}

}  // namespace users::app
