#include "users/internal/app/app.hpp"

#include <algorithm>

#include "users/internal/domain/credentials.hpp"

namespace users::app {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

namespace {

/// Small letters only, so that a service's name is never a user's id.
bool is_service_name(std::string_view text) {
  return !text.empty() && text.size() <= 30 && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

Application::Application(const Needs& needs, const Rules& rules)
    : needs_(needs),
      brake_(rules.failed_sign_ins),
      changes_(needs.users, needs.news, needs.clock),
      register_user_(changes_, rules.enable_on_registration),
      ensure_operator_(needs.users, changes_),
      update_user_(changes_, needs.sessions),
      enable_user_(changes_),
      disable_user_(changes_, needs.users, needs.sessions),
      grant_role_(changes_),
      revoke_role_(changes_, needs.users),
      sign_in_(needs.users, needs.sessions),
      refresh_session_(needs.users, needs.sessions, needs.clock),
      revoke_session_(needs.sessions),
      get_user_(needs.users),
      authorize_user_(needs.users) {}

Changed Application::register_user(const Cause& cause, const RegisterUser& command) const {
  const auto account = domain::read_account(command.username, command.email, command.password);
  if (!account) return std::unexpected(domain::to_error(account.error()));
  const auto hash = needs_.passwords.hash(command.password);
  if (!hash) return pass_on(hash);
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return register_user_(unit, command.id, *account, *hash); });
}

Changed Application::ensure_operator(const Cause& cause, const EnsureOperator& command) const {
  const auto account = domain::read_account(command.username, command.email, command.password);
  if (!account) return std::unexpected(domain::to_error(account.error()));
  auto present = find(cause, account->username);
  if (!present) return pass_on(present);
  if (*present) return std::move(**present);
  const auto hash = needs_.passwords.hash(command.password);
  if (!hash) return pass_on(hash);
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return ensure_operator_(unit, command.id, *account, *hash); });
}

Changed Application::update_user(const Cause& cause, const UpdateUser& command) {
  std::optional<NewPassword> password;
  if (command.new_password) {
    auto hash = hash_new(cause, command, password.emplace());
    if (!hash) return pass_on(hash);
    password->hash = std::move(*hash);
  }
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return update_user_(unit, command, password); });
}

Result<std::string> Application::hash_new(const Cause& cause, const UpdateUser& command, NewPassword& password) {
  if (auto checked = domain::check_password(*command.new_password); !checked) {
    auto error = domain::to_error(checked.error());
    error.field = "newPassword";
    return std::unexpected(std::move(error));
  }
  if (!command.current_password) return std::unexpected(domain::to_error(domain::current_password_required()));
  const auto user = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return get_user_(unit, {command.user, {command.user}}); });
  if (!user) return pass_on(user);
  const auto& state = user->user.state;
  if (auto allowed = domain::may_act(state); !allowed) return std::unexpected(domain::to_error(allowed.error()));
  // Who found a device signed in must not try passwords without end either.
  if (auto open = brake_.check(state.username, needs_.clock.now()); !open) return pass_on(open);
  const auto right = is_password(*command.current_password, *user);
  if (!right) return pass_on(right);
  if (!*right) {
    brake_.failed(state.username, needs_.clock.now());
    return std::unexpected(domain::to_error(domain::wrong_current_password()));
  }
  password.verified_hash = state.password_hash;
  return needs_.passwords.hash(*command.new_password);
}

Changed Application::enable_user(const Cause& cause, const EnableUser& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return enable_user_(unit, command); });
}

Changed Application::disable_user(const Cause& cause, const DisableUser& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return disable_user_(unit, command); });
}

Changed Application::grant_role(const Cause& cause, const GrantRole& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return grant_role_(unit, command); });
}

Changed Application::revoke_role(const Cause& cause, const RevokeRole& command) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return revoke_role_(unit, command); });
}

Changed Application::get_user(const Cause& cause, const GetUser& query) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return get_user_(unit, query); });
}

Result<Session> Application::sign_in(const Cause& cause, const SignIn& command) {
  // A name that cannot be anybody's takes the time of a wrong password, and is not remembered.
  const auto username = domain::read_username(command.username);
  if (username) {
    if (auto open = brake_.check(*username, needs_.clock.now()); !open) return pass_on(open);
  }
  if (auto room = needs_.passwords.check_room(); !room) return pass_on(room);
  const auto found = username ? find(cause, *username) : Result<std::optional<FoundUser>>{};
  if (!found) return pass_on(found);
  const auto right = is_password(command.password, *found);
  if (!right) return pass_on(right);
  if (!*right) {
    if (username) brake_.failed(*username, needs_.clock.now());
    return std::unexpected(domain::to_error(domain::wrong_credentials()));
  }
  brake_.succeeded(*username);
  const auto refresh = needs_.tokens.refresh_token();
  auto user = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) {
    return sign_in_(unit, (*found)->id, (*found)->user.state.password_hash, command.session, refresh.kept);
  });
  if (!user) return pass_on(user);
  auto access = needs_.tokens.user_token(user->id, user->user.state.roles, command.session);
  if (!access) return pass_on(access);
  return Session{std::move(*access), refresh.text, std::move(*user)};
}

Result<Session> Application::refresh_session(const Cause& cause, const std::string& refresh_token) const {
  const auto next = needs_.tokens.refresh_token();
  const auto digest = needs_.tokens.digest(refresh_token);
  auto outcome = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return refresh_session_(unit, digest, next.kept); });
  if (!outcome) return pass_on(outcome);
  if (!*outcome) return pass_on(*outcome);
  auto& [session, user] = **outcome;
  auto access = needs_.tokens.user_token(user.id, user.user.state.roles, session);
  if (!access) return pass_on(access);
  return Session{std::move(*access), next.text, std::move(user)};
}

Result<> Application::revoke_session(const Cause& cause, const std::string& refresh_token) const {
  const auto digest = needs_.tokens.digest(refresh_token);
  return needs_.transactor.run(cause, [&](UnitOfWork& unit) { return revoke_session_(unit, digest); });
}

Result<TokenIssuer::AccessToken> Application::sign_in_service(const std::string& service, const std::string& secret) const {
  if (!needs_.service_secret.is_configured()) {
    return std::unexpected(domain::to_error(
        {domain::SessionRejection::service_sessions_disabled, "This installation has no secret that services could sign in with."}));
  }
  if (!needs_.service_secret.matches(secret) || !is_service_name(service)) {
    return std::unexpected(domain::to_error({domain::SessionRejection::wrong_credentials, "The service's name or secret is wrong."}));
  }
  return needs_.tokens.service_token(service);
}

Result<> Application::forget_expired_sessions(const Cause& cause) const {
  return needs_.transactor.run(cause, [&](UnitOfWork& unit) -> Result<> {
    needs_.sessions.forget_expired(unit, needs_.clock.now());
    return {};
  });
}

Result<std::optional<FoundUser>> Application::find(const Cause& cause, const std::string& username) const {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return needs_.users.find_by_username(unit, username); });
}

Result<bool> Application::is_password(const std::string& password, const std::optional<FoundUser>& user) const {
  // Such a password is nobody's; whose it is not takes no time either way.
  if (password.empty() || password.size() > domain::max_password_bytes) return false;
  if (user) return needs_.passwords.verify(password, user->user.state.password_hash);
  if (auto nobody = needs_.passwords.verify_nothing(password); !nobody) return pass_on(nobody);
  return false;
}

}  // namespace users::app
