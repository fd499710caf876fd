#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

struct EnableUser {
  domain::UserId user;
  std::optional<pkg::es::Version> if_version;
};

class EnableUserHandler {
 public:
  explicit EnableUserHandler(const UserChanges& changes) : changes_(changes) {}
  Changed operator()(pkg::uow::UnitOfWork& unit, const EnableUser& command) const;

 private:
  const UserChanges& changes_;
};

}  // namespace users::app
