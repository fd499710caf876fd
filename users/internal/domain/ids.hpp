#pragma once

#include <optional>

#include "pkg/ids/id.hpp"

namespace users::domain {

using UserId = pkg::ids::Id<struct UserIdTag>;
using SessionId = pkg::ids::Id<struct SessionIdTag>;  ///< names the family of refresh tokens that came from one sign-in

/// Who acts: a user, or a service, which is none.
struct Actor {
  std::optional<UserId> user;
  bool is_operator = false;
  bool is_service = false;
};

}  // namespace users::domain
