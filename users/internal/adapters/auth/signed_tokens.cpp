#include "users/internal/adapters/auth/signed_tokens.hpp"

#include "pkg/auth/secrets.hpp"
#include "users/internal/constants/names.hpp"

namespace users::adapters::auth {

using pkg::errors::pass_on;
using pkg::errors::Result;

Result<app::TokenIssuer::AccessToken> SignedTokens::user_token(const domain::UserId& user, const domain::Roles& roles,
                                                               const domain::SessionId& session) {
  std::vector<std::string> words;
  for (const auto role : roles) words.emplace_back(to_word(role));
  return issue(user.to_string(), std::move(words), session.to_string());
}

Result<app::TokenIssuer::AccessToken> SignedTokens::service_token(std::string_view service) {
  return issue(std::string(service), {std::string(constants::service_role)}, {});
}

Result<app::TokenIssuer::AccessToken> SignedTokens::issue(std::string subject, std::vector<std::string> roles, std::string session) {
  const auto signer = keys_.signer();
  if (!signer) return pass_on(signer);
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
  const pkg::auth::Claims claims{.subject = std::move(subject),
                                 .roles = std::move(roles),
                                 .session = std::move(session),
                                 .issued_at = now,
                                 .expires_at = now + std::chrono::floor<std::chrono::seconds>(options_.access_lifetime),
                                 .issuer = options_.issuer,
                                 .audience = options_.issuer};
  auto text = (*signer)->issue(claims);
  if (!text) return pass_on(text);
  return AccessToken{std::move(*text), claims.expires_at};
}

app::TokenIssuer::RefreshToken SignedTokens::refresh_token() {
  auto text = pkg::auth::random_token();
  auto kept = pkg::auth::token_digest(text);
  const auto now = clock_.now();
  return {std::move(text), {std::move(kept), now, now + options_.refresh_lifetime}};
}

std::string SignedTokens::digest(std::string_view refresh_token) const { return pkg::auth::token_digest(refresh_token); }

}  // namespace users::adapters::auth
