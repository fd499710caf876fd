#include "users/internal/domain/session.hpp"

#include <utility>

namespace users::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
};

Description describe(SessionRejection reason) {
  switch (reason) {
    case SessionRejection::too_many_failed_sign_ins: return {ErrorKind::too_many, "too_many_failed_sign_ins"};
    case SessionRejection::wrong_credentials: return {ErrorKind::unauthenticated, "wrong_credentials"};
    case SessionRejection::service_sessions_disabled: return {ErrorKind::forbidden, "service_sessions_disabled"};
    case SessionRejection::refresh_token_unknown: return {ErrorKind::unauthenticated, "refresh_token_unknown"};
    case SessionRejection::session_revoked: return {ErrorKind::unauthenticated, "session_revoked"};
    case SessionRejection::refresh_token_reused: return {ErrorKind::unauthenticated, "refresh_token_reused"};
    case SessionRejection::refresh_token_expired: return {ErrorKind::unauthenticated, "refresh_token_expired"};
  }
  std::unreachable();
}

std::unexpected<SessionRejected> reject(SessionRejection reason, std::string detail) {
  return std::unexpected(SessionRejected{reason, std::move(detail)});
}

}  // namespace

pkg::errors::Error to_error(const SessionRejected& rejected) {
  const auto [kind, code] = describe(rejected.reason);
  return {kind, code, rejected.detail, {}};
}

SessionRejected wrong_credentials() { return {SessionRejection::wrong_credentials, "The username or the password is wrong."}; }

std::expected<void, SessionRejected> may_refresh(const std::optional<RefreshToken>& token, pkg::clock::TimePoint now) {
  if (!token) return reject(SessionRejection::refresh_token_unknown, "This refresh token is not known; sign in.");
  if (token->revoked) return reject(SessionRejection::session_revoked, "This session has ended; sign in.");
  if (token->used)
    return reject(SessionRejection::refresh_token_reused, "This refresh token was used before, so its session has ended; sign in.");
  if (token->expires_at <= now) return reject(SessionRejection::refresh_token_expired, "This session has been idle for too long; sign in.");
  return {};
}

}  // namespace users::domain
