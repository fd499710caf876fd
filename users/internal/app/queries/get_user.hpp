#pragma once

#include "users/internal/app/user_changes.hpp"

namespace users::app {

struct GetUser {
  domain::UserId user;
  domain::Actor by;
};

class GetUserHandler {
 public:
  explicit GetUserHandler(UserStore& store) : store_(store) {}
  /// Fails with not_your_account, no_such_user.
  Changed operator()(pkg::uow::UnitOfWork& unit, const GetUser& query) const;

 private:
  UserStore& store_;
};

}  // namespace users::app
