#include "users/internal/app/commands/sign_in.hpp"

namespace users::app {

Changed SignInHandler::operator()(pkg::uow::UnitOfWork& unit, const domain::UserId& user, const std::string& verified_hash,
                                  const domain::SessionId& session, const NewRefreshToken& token) const {
  auto loaded = users_.load(unit, user);
  if (!loaded) return pkg::errors::pass_on(loaded);
  if (loaded->state.password_hash != verified_hash) return std::unexpected(domain::to_error(domain::wrong_credentials()));
  if (auto allowed = domain::may_act(loaded->state); !allowed) return std::unexpected(domain::to_error(allowed.error()));
  sessions_.start(unit, session, user, loaded->version, token);
  return FoundUser{user, std::move(*loaded)};
}

}  // namespace users::app
