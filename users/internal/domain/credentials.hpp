#pragma once
// The rules for what a person types in: username, e-mail address, password.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "users/internal/domain/user_rejection.hpp"

namespace users::domain {

constexpr std::size_t min_username = 3;
constexpr std::size_t max_username = 30;
constexpr std::size_t max_email_bytes = 254;
constexpr std::size_t min_password_characters = 10;  ///< code points
constexpr std::size_t max_password_bytes = 1024;

/// With the capitals of ASCII as small letters: what usernames and e-mail addresses are compared by.
std::string fold(std::string_view text);

/// The username as it is kept, folded. May reject with username_not_allowed.
std::expected<std::string, UserRejected> read_username(std::string_view text);

/// Not the grammar of RFC 5321 but what mail gets to: one @, something on both sides, a dot within the domain, nothing that white space,
/// control characters or address lists are made of. May reject with email_not_allowed.
std::expected<void, UserRejected> check_email(std::string_view text);

/// May reject with password_too_short, password_too_long.
std::expected<void, UserRejected> check_password(std::string_view text);

}  // namespace users::domain
