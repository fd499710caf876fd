#include "users/internal/domain/user_rejection.hpp"

#include <utility>

namespace users::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(UserRejection reason) {
  switch (reason) {
    case UserRejection::not_your_account: return {ErrorKind::forbidden, "not_your_account"};
    case UserRejection::no_such_user: return {ErrorKind::not_found, "no_such_user"};
    case UserRejection::user_disabled: return {ErrorKind::forbidden, "user_disabled"};
    case UserRejection::user_not_enabled: return {ErrorKind::forbidden, "user_not_enabled"};
    case UserRejection::username_not_allowed: return {ErrorKind::rejected, "username_not_allowed", "username"};
    case UserRejection::email_not_allowed: return {ErrorKind::rejected, "email_not_allowed", "email"};
    case UserRejection::password_too_short: return {ErrorKind::rejected, "password_too_short", "password"};
    case UserRejection::password_too_long: return {ErrorKind::rejected, "password_too_long", "password"};
    case UserRejection::current_password_required: return {ErrorKind::rejected, "current_password_required", "currentPassword"};
    case UserRejection::wrong_current_password: return {ErrorKind::forbidden, "wrong_current_password", "currentPassword"};
    case UserRejection::username_taken: return {ErrorKind::conflict, "username_taken", "username"};
    case UserRejection::email_taken: return {ErrorKind::conflict, "email_taken", "email"};
    case UserRejection::unknown_role: return {ErrorKind::rejected, "unknown_role", "role"};
    case UserRejection::shopper_not_revocable: return {ErrorKind::rejected, "shopper_not_revocable", "role"};
    case UserRejection::last_operator: return {ErrorKind::conflict, "last_operator"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const UserRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

UserRejected username_taken() { return {UserRejection::username_taken, "Somebody has this username already."}; }
UserRejected email_taken() { return {UserRejection::email_taken, "Somebody has registered with this e-mail address already."}; }
UserRejected current_password_required() {
  return {UserRejection::current_password_required, "To change the password, the current one is needed too."};
}
UserRejected wrong_current_password() { return {UserRejection::wrong_current_password, "This is not the current password."}; }

}  // namespace users::domain
