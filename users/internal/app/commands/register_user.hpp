#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

struct RegisterUser {
  domain::UserId id;
  std::string username;
  std::string email;
  std::string password;
};

class RegisterUserHandler {
 public:
  /// `enable_at_once`: whether who registers may sign in without an operator's doing.
  RegisterUserHandler(const UserChanges& changes, bool enable_at_once) : changes_(changes), enable_at_once_(enable_at_once) {}

  /// Fails with username_taken, email_taken.
  Changed operator()(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const domain::Account& account,
                     const std::string& password_hash) const;

 private:
  const UserChanges& changes_;
  bool enable_at_once_;
};

}  // namespace users::app
