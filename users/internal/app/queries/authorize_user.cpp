#include "users/internal/app/queries/authorize_user.hpp"

namespace users::app {

pkg::errors::Result<> AuthorizeUserHandler::operator()(pkg::uow::UnitOfWork& unit, const AuthorizeUser& query) const {
  const auto loaded = store_.load(unit, query.user);
  if (!loaded) return pkg::errors::pass_on(loaded);
  if (auto allowed = domain::may_act(loaded->state); !allowed) return std::unexpected(domain::to_error(allowed.error()));
  return {};
}

}  // namespace users::app
