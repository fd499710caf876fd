#include "users/internal/adapters/pg/pg_session_store.hpp"

#include "pkg/postgres/transactor.hpp"

namespace users::adapters::pg {
namespace {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::contended;
using pkg::postgres::expect_rows;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

// The account's row is held until the commit, so a change of it comes either before (and then it has another version, and nothing is
// inserted) or after, and then its revoke_all() finds this session.
constexpr std::string_view insert_session =
    "INSERT INTO sessions (session_id, user_id, started_at) SELECT $1, user_id, $4 FROM users WHERE user_id = $2 AND version = $3 FOR SHARE";
constexpr std::string_view insert_token = "INSERT INTO refresh_tokens (digest, session_id, issued_at, expires_at) VALUES ($1, $2, $3, $4)";
constexpr std::string_view find_token =
    "SELECT token.digest, session.session_id, session.user_id, token.expires_at, token.used, session.revoked"
    " FROM refresh_tokens token JOIN sessions session USING (session_id) WHERE token.digest = $1";
constexpr std::string_view use_token =
    "UPDATE refresh_tokens SET used = true FROM sessions"
    " WHERE digest = $1 AND NOT used AND sessions.session_id = refresh_tokens.session_id AND NOT sessions.revoked";
// The outer DELETE does not see what the inner one did, hence the second look at the time.
constexpr std::string_view delete_expired =
    "WITH gone AS (DELETE FROM refresh_tokens WHERE expires_at < $1 RETURNING session_id)"
    " DELETE FROM sessions WHERE session_id IN (SELECT session_id FROM gone)"
    "  AND NOT EXISTS (SELECT 1 FROM refresh_tokens token WHERE token.session_id = sessions.session_id AND token.expires_at >= $1)";

}  // namespace

void PgSessionStore::start(UnitOfWork& unit, const domain::SessionId& session, const domain::UserId& user, pkg::es::Version user_version,
                           const app::NewRefreshToken& token) {
  auto& tx = transaction_of(unit);
  tx.execute(insert_session, {session, user, user_version, token.issued_at}, expect_rows(1, contended()));
  tx.execute(insert_token, {token.digest, session, token.issued_at, token.expires_at});
}

Result<std::optional<domain::RefreshToken>> PgSessionStore::find(UnitOfWork& unit, std::string_view digest) {
  const auto rows = transaction_of(unit).query(find_token, {digest});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<domain::RefreshToken>{};
  const auto row = (*rows)[0];
  return domain::RefreshToken{
      std::string(row.text(0)), domain::SessionId{row.uuid(1)}, domain::UserId{row.uuid(2)}, row.time(3), row.boolean(4), row.boolean(5)};
}

void PgSessionStore::rotate(UnitOfWork& unit, const domain::RefreshToken& old, const app::NewRefreshToken& token) {
  auto& tx = transaction_of(unit);
  tx.execute(use_token, {old.digest}, expect_rows(1, contended()));
  tx.execute(insert_token, {token.digest, old.session, token.issued_at, token.expires_at});
}

void PgSessionStore::revoke(UnitOfWork& unit, const domain::SessionId& session) {
  transaction_of(unit).execute("UPDATE sessions SET revoked = true WHERE session_id = $1 AND NOT revoked", {session});
}

void PgSessionStore::revoke_all(UnitOfWork& unit, const domain::UserId& user) {
  transaction_of(unit).execute("UPDATE sessions SET revoked = true WHERE user_id = $1 AND NOT revoked", {user});
}

void PgSessionStore::forget_expired(UnitOfWork& unit, pkg::clock::TimePoint time) { transaction_of(unit).execute(delete_expired, {time}); }

}  // namespace users::adapters::pg
