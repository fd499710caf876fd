#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// It is in the user's next access token.
struct GrantRole {
  domain::UserId user;
  std::string role;
  std::optional<pkg::es::Version> if_version;
};

class GrantRoleHandler {
 public:
  explicit GrantRoleHandler(const UserChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const GrantRole& command) const;

 private:
  const UserChanges& changes_;
};

}  // namespace users::app
