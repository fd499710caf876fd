#include "users/internal/app/commands/refresh_session.hpp"

namespace users::app {

pkg::errors::Result<RefreshSessionHandler::Outcome> RefreshSessionHandler::operator()(pkg::uow::UnitOfWork& unit, const std::string& digest,
                                                                                      const NewRefreshToken& next) const {
  const auto token = sessions_.find(unit, digest);
  if (!token) return pkg::errors::pass_on(token);
  if (const auto allowed = domain::may_refresh(*token, clock_.now()); !allowed) {
    if (allowed.error().reason == domain::SessionRejection::refresh_token_reused) sessions_.revoke(unit, (*token)->session);
    return Outcome(std::unexpected(domain::to_error(allowed.error())));
  }
  auto user = users_.load(unit, (*token)->user);
  if (!user) return pkg::errors::pass_on(user);
  if (const auto allowed = domain::may_act(user->state); !allowed) return Outcome(std::unexpected(domain::to_error(allowed.error())));
  sessions_.rotate(unit, **token, next);
  return Outcome(Refreshed{(*token)->session, {(*token)->user, std::move(*user)}});
}

}  // namespace users::app
