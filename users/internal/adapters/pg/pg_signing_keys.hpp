#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "pkg/auth/tokens.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/postgres/pool.hpp"

namespace users::adapters::pg {

/// The key that access tokens are signed with, kept in the database: made at first need, the same for all replicas however many of them
/// start at once. Read once per process. Safe to use from many threads.
class PgSigningKeys {
 public:
  /// The pool outlives this.
  explicit PgSigningKeys(pkg::postgres::Pool& pool) : pool_(pool) {}

  /// Lives as long as this. Fails with `unavailable`, and with `internal` where the stored key cannot be read.
  pkg::errors::Result<const pkg::auth::Signer*> signer();
  /// The public halves as a JWKS (RFC 7517). Fails as signer() does.
  pkg::errors::Result<std::string> jwks();

 private:
  pkg::errors::Result<> ensure_loaded();
  pkg::errors::Result<pkg::postgres::Rows> stored();
  pkg::errors::Result<> store_new();

  pkg::postgres::Pool& pool_;
  std::mutex mutex_;
  std::unique_ptr<pkg::auth::Signer> signer_;
  std::string jwks_;
};

}  // namespace users::adapters::pg
