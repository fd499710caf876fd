#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// Access tokens that have the role keep it until they expire.
struct RevokeRole {
  domain::UserId user;
  std::string role;
  std::optional<pkg::es::Version> if_version;
};

class RevokeRoleHandler {
 public:
  RevokeRoleHandler(const UserChanges& changes, UserStore& store) : changes_(changes), store_(store) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const RevokeRole& command) const;

 private:
  const UserChanges& changes_;
  UserStore& store_;
};

}  // namespace users::app
