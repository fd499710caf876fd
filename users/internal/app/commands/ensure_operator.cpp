#include "users/internal/app/commands/ensure_operator.hpp"

namespace users::app {

Changed EnsureOperatorHandler::operator()(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const domain::Account& account,
                                          const std::string& password_hash) const {
  auto found = store_.find_by_username(unit, account.username);
  if (!found) return pkg::errors::pass_on(found);
  if (*found) return std::move(**found);
  return changes_.change(unit, id, {},
                         [&](const domain::User& user) { return domain::register_operator(user, account, password_hash, changes_.now()); });
}

}  // namespace users::app
