#include "users/internal/app/commands/revoke_session.hpp"

namespace users::app {

pkg::errors::Result<> RevokeSessionHandler::operator()(pkg::uow::UnitOfWork& unit, const std::string& digest) const {
  const auto token = sessions_.find(unit, digest);
  if (!token) return pkg::errors::pass_on(token);
  if (*token) sessions_.revoke(unit, (*token)->session);
  return {};
}

}  // namespace users::app
