#pragma once
// What can have happened to an account. Told to others by ports/handlers/domain_events.cpp; not stored one by one.

#include <string>
#include <variant>

#include "pkg/clock/clock.hpp"
#include "users/internal/domain/role.hpp"

namespace users::domain {

struct UserRegistered {
  std::string username;       ///< folded
  std::string email;          ///< as it was typed
  std::string password_hash;  ///< never told
  pkg::clock::TimePoint at;
  friend bool operator==(const UserRegistered&, const UserRegistered&) = default;
};

struct UserEnabled {
  friend bool operator==(const UserEnabled&, const UserEnabled&) = default;
};

struct UserDisabled {
  friend bool operator==(const UserDisabled&, const UserDisabled&) = default;
};

struct UserEmailChanged {
  std::string email;
  friend bool operator==(const UserEmailChanged&, const UserEmailChanged&) = default;
};

struct UserPasswordChanged {
  std::string password_hash;
  friend bool operator==(const UserPasswordChanged&, const UserPasswordChanged&) = default;
};

struct UserRoleGranted {
  Role role;
  friend bool operator==(const UserRoleGranted&, const UserRoleGranted&) = default;
};

struct UserRoleRevoked {
  Role role;
  friend bool operator==(const UserRoleRevoked&, const UserRoleRevoked&) = default;
};

using UserEvent =
    std::variant<UserRegistered, UserEnabled, UserDisabled, UserEmailChanged, UserPasswordChanged, UserRoleGranted, UserRoleRevoked>;

}  // namespace users::domain
