#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// What somebody changes about the own account; what is absent stays. A new password ends all sessions, the caller's too.
struct UpdateUser {
  domain::UserId user;
  std::optional<std::string> email;
  std::optional<std::string> current_password;
  std::optional<std::string> new_password;
  std::optional<pkg::es::Version> if_version;
};

/// A new password that was checked and hashed outside of the unit of work.
struct NewPassword {
  std::string verified_hash;  ///< of the current password
  std::string hash;
};

class UpdateUserHandler {
 public:
  UpdateUserHandler(const UserChanges& changes, SessionStore& sessions) : changes_(changes), sessions_(sessions) {}

  /// Fails with wrong_current_password where the password was changed since it was verified, and as domain::update does.
  Changed operator()(pkg::uow::UnitOfWork& unit, const UpdateUser& command, const std::optional<NewPassword>& password) const;

 private:
  const UserChanges& changes_;
  SessionStore& sessions_;
};

}  // namespace users::app
