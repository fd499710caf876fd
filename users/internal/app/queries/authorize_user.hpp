#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// Whether somebody may order: the first step of the create-order saga. It changes nothing, so it may be asked any number of times.
struct AuthorizeUser {
  domain::UserId user;
};

class AuthorizeUserHandler {
 public:
  explicit AuthorizeUserHandler(UserStore& store) : store_(store) {}
  /// Fails with no_such_user, user_disabled, user_not_enabled.
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const AuthorizeUser& query) const;

 private:
  UserStore& store_;
};

}  // namespace users::app
