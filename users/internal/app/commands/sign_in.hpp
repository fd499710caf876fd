#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

struct SignIn {
  domain::SessionId session;  ///< for the new session
  std::string username;
  std::string password;
};

/// Starts the session of somebody whose password was verified outside of the unit of work.
class SignInHandler {
 public:
  SignInHandler(UserStore& users, SessionStore& sessions) : users_(users), sessions_(sessions) {}

  /// Fails with wrong_credentials where the password was changed since, user_disabled, user_not_enabled.
  Changed operator()(pkg::uow::UnitOfWork& unit, const domain::UserId& user, const std::string& verified_hash,
                     const domain::SessionId& session, const NewRefreshToken& token) const;

 private:
  UserStore& users_;
  SessionStore& sessions_;
};

}  // namespace users::app
