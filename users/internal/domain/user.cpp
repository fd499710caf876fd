#include "users/internal/domain/user.hpp"

#include <utility>

#include "users/internal/domain/credentials.hpp"

namespace users::domain {
namespace {

struct Apply {
  User& user;

  void operator()(const UserRegistered& e) const {
    user.status = UserStatus::registered;
    user.username = e.username;
    user.email = e.email;
    user.password_hash = e.password_hash;
    user.roles.insert(Role::shopper);
    user.registered_at = e.at;
  }
  void operator()(const UserEnabled&) const { user.status = UserStatus::enabled; }
  void operator()(const UserDisabled&) const { user.status = UserStatus::disabled; }
  void operator()(const UserEmailChanged& e) const { user.email = e.email; }
  void operator()(const UserPasswordChanged& e) const { user.password_hash = e.password_hash; }
  void operator()(const UserRoleGranted& e) const { user.roles.insert(e.role); }
  void operator()(const UserRoleRevoked& e) const { user.roles.erase(e.role); }
};

std::unexpected<UserRejected> reject(UserRejection reason, std::string detail) {
  return std::unexpected(UserRejected{reason, std::move(detail)});
}

Decision nothing() { return std::vector<UserEvent>{}; }

std::expected<void, UserRejected> must_exist(const User& user) {
  if (user.status == UserStatus::none) return reject(UserRejection::no_such_user, "There is no such user.");
  return {};
}

std::unexpected<UserRejected> last_operator() {
  return reject(UserRejection::last_operator, "This is the last operator; make somebody else one first.");
}

std::unexpected<UserRejected> unknown_role() {
  return reject(UserRejection::unknown_role, "A role is one of shopper, owner, picker and operator.");
}

}  // namespace

User apply(User user, const UserEvent& event) {
  std::visit(Apply{user}, event);
  return user;
}

bool is_enabled_operator(const User& user) { return user.status == UserStatus::enabled && user.roles.contains(Role::mall_operator); }

std::expected<Account, UserRejected> read_account(std::string_view username, std::string_view email, std::string_view password) {
  auto name = read_username(username);
  if (!name) return std::unexpected(std::move(name.error()));
  if (auto checked = check_email(email); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_password(password); !checked) return std::unexpected(std::move(checked.error()));
  return Account{std::move(*name), std::string(email)};
}

std::expected<void, UserRejected> may_see(const User& user, const UserId& id, const Actor& actor) {
  if (actor.user != id && !actor.is_operator && !actor.is_service) {
    return reject(UserRejection::not_your_account, "You may look at your own account only.");
  }
  return must_exist(user);
}

std::expected<void, UserRejected> may_act(const User& user) {
  switch (user.status) {
    case UserStatus::none: return must_exist(user);
    case UserStatus::registered: return reject(UserRejection::user_not_enabled, "This account has not been enabled yet.");
    case UserStatus::enabled: return {};
    case UserStatus::disabled: return reject(UserRejection::user_disabled, "This account is disabled.");
  }
  std::unreachable();
}

Decision register_user(const User& user, const Account& account, std::string_view password_hash, bool enable, pkg::clock::TimePoint now) {
  if (user.status != UserStatus::none) return nothing();
  const UserEvent registered = UserRegistered{account.username, account.email, std::string(password_hash), now};
  if (!enable) return std::vector<UserEvent>{registered};
  return std::vector<UserEvent>{registered, UserEnabled{}};
}

Decision register_operator(const User& user, const Account& account, std::string_view password_hash, pkg::clock::TimePoint now) {
  if (user.status != UserStatus::none) return nothing();
  const UserEvent registered = UserRegistered{account.username, account.email, std::string(password_hash), now};
  return std::vector<UserEvent>{registered, UserEnabled{}, UserRoleGranted{Role::mall_operator}};
}

Decision enable(const User& user) {
  if (auto exists = must_exist(user); !exists) return std::unexpected(std::move(exists.error()));
  if (user.status == UserStatus::enabled) return nothing();
  return std::vector<UserEvent>{UserEnabled{}};
}

Decision disable(const User& user, bool others_operate) {
  if (auto exists = must_exist(user); !exists) return std::unexpected(std::move(exists.error()));
  if (user.status == UserStatus::disabled) return nothing();
  if (is_enabled_operator(user) && !others_operate) return last_operator();
  return std::vector<UserEvent>{UserDisabled{}};
}

Decision update(const User& user, const Update& update) {
  if (auto allowed = may_act(user); !allowed) return std::unexpected(std::move(allowed.error()));
  std::vector<UserEvent> events;
  if (update.email && *update.email != user.email) {
    if (auto checked = check_email(*update.email); !checked) return std::unexpected(std::move(checked.error()));
    events.push_back(UserEmailChanged{*update.email});
  }
  if (update.password_hash) events.push_back(UserPasswordChanged{*update.password_hash});
  return events;
}

Decision grant_role(const User& user, std::string_view role) {
  if (auto exists = must_exist(user); !exists) return std::unexpected(std::move(exists.error()));
  const auto granted = parse_role(role);
  if (!granted) return unknown_role();
  if (user.roles.contains(*granted)) return nothing();
  return std::vector<UserEvent>{UserRoleGranted{*granted}};
}

Decision revoke_role(const User& user, std::string_view role, bool others_operate) {
  if (auto exists = must_exist(user); !exists) return std::unexpected(std::move(exists.error()));
  const auto revoked = parse_role(role);
  if (!revoked) return unknown_role();
  if (*revoked == Role::shopper) return reject(UserRejection::shopper_not_revocable, "Everyone is a shopper.");
  if (!user.roles.contains(*revoked)) return nothing();
  if (*revoked == Role::mall_operator && is_enabled_operator(user) && !others_operate) return last_operator();
  return std::vector<UserEvent>{UserRoleRevoked{*revoked}};
}

}  // namespace users::domain
