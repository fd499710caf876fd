#include "users/internal/adapters/pg/pg_user_store.hpp"

#include "pkg/postgres/transactor.hpp"
#include "users/internal/adapters/pg/status_words.hpp"
#include "users/internal/domain/credentials.hpp"

namespace users::adapters::pg {
namespace {

using app::FoundUser;
using app::LoadedUser;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Expect;
using pkg::postgres::Param;
using pkg::postgres::Row;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

constexpr std::string_view columns = "user_id, username, email, password_hash, status, roles, registered_at, version";
constexpr std::string_view insert_user =
    "INSERT INTO users (user_id, version, username, email, email_key, password_hash, status, roles, registered_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
constexpr std::string_view update_user =
    "UPDATE users SET version = $2, username = $3, email = $4, email_key = $5, password_hash = $6, status = $7, roles = $8, registered_at = $9"
    " WHERE user_id = $1 AND version = $10";
// Locked in one order for all, so that two who look at once cannot wait for each other. Who waited looks at the rows anew.
constexpr std::string_view lock_operators =
    "SELECT user_id FROM users WHERE 'operator' = ANY (roles) AND status = 'enabled' ORDER BY user_id FOR UPDATE";

Result<FoundUser> read_user(const Row& row) {
  const auto status = from_word(row.text(4));
  if (!status) return pass_on(status);
  FoundUser found{domain::UserId{row.uuid(0)}, {}};
  auto& user = found.user.state;
  user.username = row.text(1);
  user.email = row.text(2);
  user.password_hash = row.text(3);
  user.status = *status;
  for (const auto& word : row.texts(5)) {
    const auto role = domain::parse_role(word);
    if (!role) return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored user's role cannot be read.");
    user.roles.insert(*role);
  }
  user.registered_at = row.time(6);
  found.user.version = static_cast<pkg::es::Version>(row.int64(7));
  return found;
}

Result<std::optional<FoundUser>> find(UnitOfWork& unit, std::string_view where, Param value) {
  const auto rows =
      transaction_of(unit).query("SELECT " + std::string(columns) + " FROM users WHERE " + std::string(where), {std::move(value)});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<FoundUser>{};
  auto user = read_user((*rows)[0]);
  if (!user) return pass_on(user);
  return std::optional(std::move(*user));
}

}  // namespace

Result<LoadedUser> PgUserStore::load(UnitOfWork& unit, const domain::UserId& id) {
  auto found = find(unit, "user_id = $1", id);
  if (!found) return pass_on(found);
  return *found ? std::move((*found)->user) : LoadedUser{};
}

Result<std::optional<FoundUser>> PgUserStore::find_by_username(UnitOfWork& unit, std::string_view username) {
  return find(unit, "username = $1", username);
}

Result<bool> PgUserStore::others_operate(UnitOfWork& unit, const domain::UserId& id) {
  const auto rows = transaction_of(unit).query(lock_operators);
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    if (row.uuid(0) != id.value()) return true;
  }
  return false;
}

Result<> PgUserStore::save(UnitOfWork& unit, const domain::UserId& id, LoadedUser& user, const std::vector<domain::UserEvent>& events) {
  if (events.empty()) return {};
  const auto before = user.version;
  for (const auto& event : events) user.advance(event);
  const auto& state = user.state;
  std::vector<std::string> roles;
  for (const auto role : state.roles) roles.emplace_back(to_word(role));
  pkg::postgres::Params params{id,
                               user.version,
                               state.username,
                               state.email,
                               domain::fold(state.email),
                               state.password_hash,
                               to_word(state.status),
                               Param::array(roles),
                               state.registered_at};
  Expect expect;
  expect.violation("users_username_key", to_error(domain::username_taken())).violation("users_email_key", to_error(domain::email_taken()));
  if (before == 0) {
    transaction_of(unit).execute(insert_user, std::move(params), expect.violation("users_pkey", pkg::postgres::contended()));
  } else {
    params.push_back(before);
    transaction_of(unit).execute(update_user, std::move(params), expect.rows(1, pkg::postgres::contended()));
  }
  return {};
}

}  // namespace users::adapters::pg
