#pragma once
// What users can do: its commands and queries, each in its own file. The handlers work in a unit of work that is passed to them
// (messages bring their own); Application opens one for calls that come from outside, and does before and after it what takes
// time: hashing and signing.

#include "users/internal/app/commands/disable_user.hpp"
#include "users/internal/app/commands/enable_user.hpp"
#include "users/internal/app/commands/ensure_operator.hpp"
#include "users/internal/app/commands/grant_role.hpp"
#include "users/internal/app/commands/refresh_session.hpp"
#include "users/internal/app/commands/register_user.hpp"
#include "users/internal/app/commands/revoke_role.hpp"
#include "users/internal/app/commands/revoke_session.hpp"
#include "users/internal/app/commands/sign_in.hpp"
#include "users/internal/app/commands/update_user.hpp"
#include "users/internal/app/ports.hpp"
#include "users/internal/app/queries/authorize_user.hpp"
#include "users/internal/app/queries/get_user.hpp"
#include "users/internal/app/sign_in_brake.hpp"

namespace users::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  UserStore& users;
  SessionStore& sessions;
  UserNews& news;
  PasswordHasher& passwords;
  TokenIssuer& tokens;
  const ServiceSecret& service_secret;
  const pkg::clock::Clock& clock;
};

struct Rules {
  bool enable_on_registration = true;
  SignInBrake::Limits failed_sign_ins;
};

/// Somebody signed in.
struct Session {
  TokenIssuer::AccessToken access;
  std::string refresh_token;
  FoundUser user;
};

/// Safe to use from many threads.
class Application {
 public:
  Application(const Needs& needs, const Rules& rules);
  Application(const Application&) = delete;  // the handlers refer to changes_ here
  Application& operator=(const Application&) = delete;

  // For messages: in the unit of work of the message.
  pkg::errors::Result<> authorize_user(pkg::uow::UnitOfWork& unit, const AuthorizeUser& query) const {
    return authorize_user_(unit, query);
  }
  Changed grant_role(pkg::uow::UnitOfWork& unit, const GrantRole& command) const { return grant_role_(unit, command); }

  // For calls from outside: each in a unit of its own.
  Changed register_user(const pkg::uow::Cause& cause, const RegisterUser& command) const;
  /// Without hashing anything where the account is there already.
  Changed ensure_operator(const pkg::uow::Cause& cause, const EnsureOperator& command) const;
  Changed update_user(const pkg::uow::Cause& cause, const UpdateUser& command);
  Changed enable_user(const pkg::uow::Cause& cause, const EnableUser& command) const;
  Changed disable_user(const pkg::uow::Cause& cause, const DisableUser& command) const;
  Changed grant_role(const pkg::uow::Cause& cause, const GrantRole& command) const;
  Changed revoke_role(const pkg::uow::Cause& cause, const RevokeRole& command) const;
  Changed get_user(const pkg::uow::Cause& cause, const GetUser& query) const;

  // Sessions.
  pkg::errors::Result<Session> sign_in(const pkg::uow::Cause& cause, const SignIn& command);
  pkg::errors::Result<Session> refresh_session(const pkg::uow::Cause& cause, const std::string& refresh_token) const;
  pkg::errors::Result<> revoke_session(const pkg::uow::Cause& cause, const std::string& refresh_token) const;
  /// Fails with service_sessions_disabled, wrong_credentials.
  pkg::errors::Result<TokenIssuer::AccessToken> sign_in_service(const std::string& service, const std::string& secret) const;
  /// Forgets what nobody can use any more.
  pkg::errors::Result<> forget_expired_sessions(const pkg::uow::Cause& cause) const;

 private:
  pkg::errors::Result<std::optional<FoundUser>> find(const pkg::uow::Cause& cause, const std::string& username) const;
  pkg::errors::Result<std::string> hash_new(const pkg::uow::Cause& cause, const UpdateUser& command, NewPassword& password);
  pkg::errors::Result<bool> is_password(const std::string& password, const std::optional<FoundUser>& user) const;

  Needs needs_;
  SignInBrake brake_;
  UserChanges changes_;
  RegisterUserHandler register_user_;
  EnsureOperatorHandler ensure_operator_;
  UpdateUserHandler update_user_;
  EnableUserHandler enable_user_;
  DisableUserHandler disable_user_;
  GrantRoleHandler grant_role_;
  RevokeRoleHandler revoke_role_;
  SignInHandler sign_in_;
  RefreshSessionHandler refresh_session_;
  RevokeSessionHandler revoke_session_;
  GetUserHandler get_user_;
  AuthorizeUserHandler authorize_user_;
};

}  // namespace users::app
