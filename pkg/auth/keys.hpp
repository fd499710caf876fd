#pragma once
// ES256 keys (ECDSA with P-256 and SHA-256, RFC 7518) as JWKs. A key's id is its thumbprint (RFC 7638), whatever "kid" a text claims
// for a private key, so an id never names two keys.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"

struct _cjose_jwk_int;  // cjose's key

namespace pkg::auth {

struct JwkDeleter {
  void operator()(_cjose_jwk_int* key) const;
};
using Jwk = std::unique_ptr<_cjose_jwk_int, JwkDeleter>;

class SigningKey {
 public:
  /// A new one. Fails with `internal` when OpenSSL does.
  static errors::Result<SigningKey> generate();
  /// From to_private_jwk()'s text. Fails with `malformed`, code signing_key_malformed, also when the public half is not that of the
  /// private one; the detail shows nothing of the key.
  static errors::Result<SigningKey> from_private_jwk(std::string_view text);

  /// A secret: whoever has it can be anybody.
  std::string to_private_jwk() const;
  /// With kid, use and alg, for others to verify with.
  std::string public_jwk() const;
  /// A JWKS with this key alone.
  std::string jwks() const;
  const std::string& kid() const { return kid_; }

  /// The compact JWS over a payload; safe to call from many threads.
  errors::Result<std::string> sign(std::string_view payload) const;

 private:
  explicit SigningKey(Jwk key);

  Jwk key_;
  std::string kid_;
};

/// A JWKS of several public JWKs: the present key's and, before it is used, the next one's.
std::string jwks_of(std::span<const std::string> public_jwks);

class PublicKey {
 public:
  PublicKey(std::string kid, Jwk key) : kid_(std::move(kid)), key_(std::move(key)) {}
  const std::string& kid() const { return kid_; }
  const _cjose_jwk_int* jwk() const { return key_.get(); }

 private:
  std::string kid_;
  Jwk key_;
};

/// The usable keys of a JWKS: EC on P-256, with a kid, not meant for anything but ES256 signatures. Others are passed over, so that a
/// set may grow kinds that we do not know. Fails with `malformed` when none is left or the text is no JWKS.
errors::Result<std::vector<PublicKey>> parse_jwks(std::string_view text);

}  // namespace pkg::auth
