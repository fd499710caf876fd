#pragma once
// An account: who somebody is, and what they may be in the mall.
//
//   (none) --register--> registered --enable--> enabled <--enable, disable--> disabled
//                             \-------------disable------------------------------^
//
// Invariants: a username, an e-mail address and a password's hash that kept the rules of credentials.hpp; always a shopper. Across
// accounts (the store sees to it): usernames and e-mail addresses are unique, capitals counting as small letters; once the mall has an
// enabled operator, it keeps one.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "users/internal/domain/ids.hpp"
#include "users/internal/domain/role.hpp"
#include "users/internal/domain/user_events.hpp"
#include "users/internal/domain/user_rejection.hpp"

namespace users::domain {

enum class UserStatus : std::uint8_t { none, registered, enabled, disabled };

struct User {
  using Id = UserId;
  using Event = UserEvent;
  static constexpr std::string_view kind = "User";

  UserStatus status = UserStatus::none;
  std::string username;
  std::string email;
  std::string password_hash;
  Roles roles;
  pkg::clock::TimePoint registered_at;

  friend bool operator==(const User&, const User&) = default;
};

/// The state after one more event; accepts any event in any state.
User apply(User user, const UserEvent& event);

bool is_enabled_operator(const User& user);

/// What somebody registers with, once it has kept the rules.
struct Account {
  std::string username;  ///< folded
  std::string email;
};

/// May reject with username_not_allowed, email_not_allowed, password_too_short, password_too_long.
std::expected<Account, UserRejected> read_account(std::string_view username, std::string_view email, std::string_view password);

/// May reject with not_your_account, no_such_user.
std::expected<void, UserRejected> may_see(const User& user, const UserId& id, const Actor& actor);
/// Whether this user may sign in and order. May reject with no_such_user, user_disabled, user_not_enabled.
std::expected<void, UserRejected> may_act(const User& user);

using Decision = std::expected<std::vector<UserEvent>, UserRejected>;

// Decisions: pure. The events that follow from a command, or why it is refused; no events means that there is nothing to do.

/// `enable`: at once, in the same change. Registering what is registered does nothing.
Decision register_user(const User& user, const Account& account, std::string_view password_hash, bool enable, pkg::clock::TimePoint now);
/// The first operator, enabled from the start.
Decision register_operator(const User& user, const Account& account, std::string_view password_hash, pkg::clock::TimePoint now);
/// May reject with no_such_user.
Decision enable(const User& user);
/// `others_operate`: whether another account is an enabled operator. May reject with no_such_user, last_operator.
Decision disable(const User& user, bool others_operate);

/// What is absent stays. The new password comes as its hash; it and the current one were checked before.
struct Update {
  std::optional<std::string> email;
  std::optional<std::string> password_hash;
};
/// May reject with no_such_user, user_disabled, user_not_enabled, email_not_allowed.
Decision update(const User& user, const Update& update);

/// May reject with no_such_user, unknown_role.
Decision grant_role(const User& user, std::string_view role);
/// May reject with no_such_user, unknown_role, shopper_not_revocable, last_operator.
Decision revoke_role(const User& user, std::string_view role, bool others_operate);

}  // namespace users::domain
