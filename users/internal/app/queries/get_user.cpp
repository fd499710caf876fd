#include "users/internal/app/queries/get_user.hpp"

namespace users::app {

Changed GetUserHandler::operator()(pkg::uow::UnitOfWork& unit, const GetUser& query) const {
  auto loaded = store_.load(unit, query.user);
  if (!loaded) return pkg::errors::pass_on(loaded);
  if (auto visible = domain::may_see(loaded->state, query.user, query.by); !visible)
    return std::unexpected(domain::to_error(visible.error()));
  return FoundUser{query.user, std::move(*loaded)};
}

}  // namespace users::app
