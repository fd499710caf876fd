#include "users/internal/adapters/pg/pg_signing_keys.hpp"

#include <vector>

namespace users::adapters::pg {

using pkg::auth::SigningKey;
using pkg::errors::pass_on;
using pkg::errors::Result;

Result<const pkg::auth::Signer*> PgSigningKeys::signer() {
  const std::scoped_lock lock(mutex_);
  if (auto loaded = ensure_loaded(); !loaded) return pass_on(loaded);
  return signer_.get();
}

Result<std::string> PgSigningKeys::jwks() {
  const std::scoped_lock lock(mutex_);
  if (auto loaded = ensure_loaded(); !loaded) return pass_on(loaded);
  return jwks_;
}

Result<> PgSigningKeys::ensure_loaded() {
  if (signer_) return {};
  auto rows = stored();
  if (rows && rows->empty()) {
    if (auto made = store_new(); !made) return made;
    rows = stored();
  }
  if (!rows) return pass_on(rows);
  std::vector<std::string> published;
  std::unique_ptr<pkg::auth::Signer> newest;
  for (const auto row : *rows) {
    auto key = SigningKey::from_private_jwk(row.text(0));
    if (!key)
      return pkg::errors::fail(pkg::errors::ErrorKind::internal, "signing_key_unreadable", "The stored signing key cannot be read.");
    published.push_back(key->public_jwk());
    if (!newest) newest = std::make_unique<pkg::auth::Signer>(std::move(*key));
  }
  jwks_ = pkg::auth::jwks_of(published);
  signer_ = std::move(newest);
  return {};
}

Result<pkg::postgres::Rows> PgSigningKeys::stored() { return pool_.query("SELECT private_jwk FROM signing_keys ORDER BY generation DESC"); }

Result<> PgSigningKeys::store_new() {
  const auto key = SigningKey::generate();
  if (!key) return pass_on(key);
  // Of several replicas the first one's key stays; all read it back.
  const auto inserted = pool_.query("INSERT INTO signing_keys (generation, private_jwk) VALUES (1, $1) ON CONFLICT (generation) DO NOTHING",
                                    {key->to_private_jwk()});
  if (!inserted) return pass_on(inserted);
  return {};
}

}  // namespace users::adapters::pg
