#pragma once
// A session: one sign-in, kept alive by refresh tokens of which each works once.
//
//   sign in --> live --refresh--> live …    --revoke, a token's second use, disable, new password--> revoked
//
// Invariants: at most one token of a session is unused. Of two refreshes with the same token at the same moment exactly one gives a new
// pair; the other is a second use and revokes the session, the new pair with it: who of the two is the thief cannot be known
// (RFC 9700, section 4.14.2).

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "users/internal/domain/ids.hpp"

namespace users::domain {

/// What is kept of a refresh token: never the token itself.
struct RefreshToken {
  std::string digest;
  SessionId session;
  UserId user;
  pkg::clock::TimePoint expires_at;
  bool used = false;
  bool revoked = false;  ///< with its whole session

  friend bool operator==(const RefreshToken&, const RefreshToken&) = default;
};

/// Why nobody is signed in, the first that applies. The word is the `code` that callers see.
enum class SessionRejection : std::uint8_t {
  too_many_failed_sign_ins,   ///< too many wrong passwords for this username lately; wait
  wrong_credentials,          ///< no such username, or another password; which of the two is not told
  service_sessions_disabled,  ///< no secret for services is configured
  refresh_token_unknown,      ///< never given out, or forgotten after it expired
  session_revoked,            ///< signed out, or ended for safety
  refresh_token_reused,       ///< it was used before; its session is revoked now
  refresh_token_expired,      ///< too old
};

struct SessionRejected {
  SessionRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const SessionRejected& rejected);

SessionRejected wrong_credentials();

/// Whether the token may be traded in. Where the answer is refresh_token_reused, the session must be revoked. May reject with
/// refresh_token_unknown, session_revoked, refresh_token_reused, refresh_token_expired.
std::expected<void, SessionRejected> may_refresh(const std::optional<RefreshToken>& token, pkg::clock::TimePoint now);

}  // namespace users::domain
