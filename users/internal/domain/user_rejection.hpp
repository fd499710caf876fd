#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace users::domain {

/// Why an account says no, the first that applies. The word is the `code` that callers see.
enum class UserRejection : std::uint8_t {
  not_your_account,           ///< others' accounts are for operators and services; also where there is none, so that nobody probes
  no_such_user,               ///< nobody registered under this id
  user_disabled,              ///< an operator shut the account
  user_not_enabled,           ///< registered, and waits for an operator to enable it
  username_not_allowed,       ///< 3 to 30 of a-z, 0-9, '_', '.', '-'
  email_not_allowed,          ///< it cannot be an e-mail address, or has more than 254 bytes
  password_too_short,         ///< fewer than 10 characters
  password_too_long,          ///< more than 1024 bytes
  current_password_required,  ///< a new password needs the present one beside it
  wrong_current_password,     ///< what was given as the present password is another
  username_taken,             ///< somebody has this name, in small or capital letters
  email_taken,                ///< somebody has this address, in small or capital letters
  unknown_role,               ///< roles are shopper, owner, picker, operator
  shopper_not_revocable,      ///< everyone is a shopper
  last_operator,              ///< somebody must be able to run the mall
};

/// A rejection with what a person needs to know of it.
struct UserRejected {
  UserRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const UserRejected& rejected);

// Those that are found out beyond an account's own state.
UserRejected username_taken();
UserRejected email_taken();
UserRejected current_password_required();
UserRejected wrong_current_password();

}  // namespace users::domain
