#pragma once

#include <chrono>
#include <string>

#include "pkg/clock/clock.hpp"
#include "users/internal/adapters/pg/pg_signing_keys.hpp"
#include "users/internal/app/ports.hpp"

namespace users::adapters::auth {

struct TokenOptions {
  std::string issuer;  ///< and audience: both are the installation
  std::chrono::milliseconds access_lifetime{0};
  std::chrono::milliseconds refresh_lifetime{0};
};

/// ES256 access tokens, signed with the key in the database, and random refresh tokens.
class SignedTokens final : public app::TokenIssuer {
 public:
  /// Keys and clock outlive this.
  SignedTokens(pg::PgSigningKeys& keys, const pkg::clock::Clock& clock, TokenOptions options)
      : keys_(keys), clock_(clock), options_(std::move(options)) {}

  /// Fails also with `unavailable`, before the key was read for the first time.
  pkg::errors::Result<AccessToken> user_token(const domain::UserId& user, const domain::Roles& roles,
                                              const domain::SessionId& session) override;
  pkg::errors::Result<AccessToken> service_token(std::string_view service) override;
  RefreshToken refresh_token() override;
  std::string digest(std::string_view refresh_token) const override;

 private:
  pkg::errors::Result<AccessToken> issue(std::string subject, std::vector<std::string> roles, std::string session);

  pg::PgSigningKeys& keys_;
  const pkg::clock::Clock& clock_;
  const TokenOptions options_;
};

}  // namespace users::adapters::auth
