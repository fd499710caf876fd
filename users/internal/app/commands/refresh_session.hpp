#pragma once

#include <expected>

#include "users/internal/app/user_changes.hpp"

namespace users::app {

/// Whose session goes on. Roles and status are read anew.
struct Refreshed {
  domain::SessionId session;
  FoundUser user;
};

class RefreshSessionHandler {
 public:
  RefreshSessionHandler(UserStore& users, SessionStore& sessions, const pkg::clock::Clock& clock)
      : users_(users), sessions_(sessions), clock_(clock) {}

  /// The outer result says whether the unit may commit, the inner one whether the session goes on: a second use is refused and its
  /// revocation must be kept all the same.
  using Outcome = pkg::errors::Result<Refreshed>;
  pkg::errors::Result<Outcome> operator()(pkg::uow::UnitOfWork& unit, const std::string& digest, const NewRefreshToken& next) const;

 private:
  UserStore& users_;
  SessionStore& sessions_;
  const pkg::clock::Clock& clock_;
};

}  // namespace users::app
