#include "notifications/internal/adapters/pg/pg_acquaintances.hpp"

#include "pkg/postgres/transactor.hpp"

namespace notifications::adapters::pg {
namespace {

using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

constexpr std::string_view learn_person =
    "INSERT INTO known_people AS known (user_id, username, email, email_version)"
    " VALUES ($1, $2, $3, CASE WHEN $3::text IS NULL THEN 0 ELSE $4 END)"
    " ON CONFLICT (user_id) DO UPDATE SET"
    "  username = coalesce(known.username, excluded.username),"
    "  email = CASE WHEN excluded.email_version > known.email_version THEN excluded.email ELSE known.email END,"
    "  email_version = greatest(excluded.email_version, known.email_version)";
const pkg::postgres::RowStatement learn_order(
    "order_id uuid, items text, currency text, total_minor bigint",
    "INSERT INTO known_orders (order_id, items, currency, total_minor) SELECT * FROM $given ON CONFLICT (order_id) DO NOTHING");
constexpr std::string_view find_context =
    "SELECT p.username, o.items, o.currency, o.total_minor FROM (SELECT) one"
    " LEFT JOIN known_people p ON p.user_id = $1 LEFT JOIN known_orders o ON o.order_id = $2";

}  // namespace

void PgAcquaintances::learn(UnitOfWork& unit, const app::PersonFact& fact) {
  transaction_of(unit).execute(learn_person, {fact.user, fact.username, fact.email, fact.version});
}

void PgAcquaintances::learn(UnitOfWork& unit, const domain::OrderId& order, const domain::OrderSummary& summary) {
  orders_.write(unit, order, {.summary = summary});
  transaction_of(unit).execute(learn_order, {order, summary.items, summary.total.currency().to_string(), summary.total.minor_units()});
}

pkg::errors::Result<domain::Context> PgAcquaintances::find(UnitOfWork& unit, const domain::UserId& user, const domain::OrderId& order) {
  auto username = usernames_.find(user);
  auto learnt = orders_.find(unit, order);
  if (username && learnt) return domain::Context{std::move(*username), std::move(learnt->summary)};
  const auto rows = transaction_of(unit).query(find_context, {user, order});
  if (!rows) return pkg::errors::pass_on(rows);
  domain::Context context;
  for (const auto row : *rows) {
    context.username = row.maybe_text(0).value_or("");
    if (!context.username.empty()) usernames_.put(user, context.username);
    if (row.is_null(1)) continue;
    const auto currency = pkg::money::Currency::parse(row.text(2));
    if (!currency) return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored currency cannot be read.");
    context.order = domain::OrderSummary{std::string(row.text(1)), {*currency, row.int64(3)}};
  }
  return context;
}

}  // namespace notifications::adapters::pg
