#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// Ends the user's sessions too.
struct DisableUser {
  domain::UserId user;
  std::optional<pkg::es::Version> if_version;
};

class DisableUserHandler {
 public:
  DisableUserHandler(const UserChanges& changes, UserStore& store, SessionStore& sessions)
      : changes_(changes), store_(store), sessions_(sessions) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const DisableUser& command) const;

 private:
  const UserChanges& changes_;
  UserStore& store_;
  SessionStore& sessions_;
};

}  // namespace users::app
