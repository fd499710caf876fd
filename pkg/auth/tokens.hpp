#pragma once
// Access tokens: JWTs (RFC 7519) signed with ES256, of the type at+jwt (RFC 9068). See docs/adr/0005-tokens.md.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/auth/key_set.hpp"
#include "pkg/auth/keys.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/rpc/call.hpp"

namespace pkg::auth {

/// Times are kept in whole seconds.
struct Claims {
  std::string subject;             ///< sub: a user's id or a service's name; never empty
  std::vector<std::string> roles;  ///< roles
  std::string session;             ///< sid: empty for machines
  clock::TimePoint issued_at;      ///< iat
  clock::TimePoint expires_at;     ///< exp
  std::string issuer;              ///< iss
  std::string audience;            ///< aud

  friend bool operator==(const Claims&, const Claims&) = default;
};

/// Longer tokens are neither issued nor looked at.
inline constexpr std::size_t longest_token = 8192;

class Signer {
 public:
  explicit Signer(SigningKey key) : key_(std::move(key)) {}

  /// The token's text. Fails with `internal`: claims that no verifier would take (code token_not_valid), or OpenSSL did not sign.
  errors::Result<std::string> issue(const Claims& claims) const;
  const SigningKey& key() const { return key_; }

 private:
  SigningKey key_;
};

struct VerifierOptions {
  std::string issuer;
  std::string audience;
  std::chrono::seconds leeway{30};    ///< how far the clocks of two machines may be apart
  std::size_t remembered_tokens = 1024;  ///< 0 = none; about 500 bytes each
};

class TokenCache;

/// Safe to use from many threads.
class Verifier {
 public:
  /// Keys and clock must outlive it.
  Verifier(KeySet& keys, const clock::Clock& clock, VerifierOptions options);
  ~Verifier();
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  /// What a token says, if one of the known keys signed it with ES256, for us, and it is its time. Fails with `unauthenticated`, code
  /// token_expired (sign in or refresh) or token_invalid (everything else; the detail says why and shows nothing of the token), and with
  /// `unavailable` when its key is not known and the source of keys does not answer. Any bytes at all are taken.
  errors::Result<Claims> verify(std::string_view token);

 private:
  errors::Result<Claims> check_times(Claims claims) const;

  KeySet& keys_;
  const clock::Clock& clock_;
  VerifierOptions options_;
  std::unique_ptr<TokenCache> cache_;
};

/// In the shape of rpc::Authenticator. The verifier must outlive it.
std::function<errors::Result<rpc::Caller>(std::string_view)> authenticator(Verifier& verifier);

}  // namespace pkg::auth
