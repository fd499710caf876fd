#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// The first operator, as configured. An account that has the username already stays as it is, password and roles included.
struct EnsureOperator {
  domain::UserId id;  ///< for a new account
  std::string username;
  std::string email;
  std::string password;
};

class EnsureOperatorHandler {
 public:
  EnsureOperatorHandler(UserStore& store, const UserChanges& changes) : store_(store), changes_(changes) {}

  /// Fails with email_taken where somebody else has the address.
  Changed operator()(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const domain::Account& account,
                     const std::string& password_hash) const;

 private:
  UserStore& store_;
  const UserChanges& changes_;
};

}  // namespace users::app
