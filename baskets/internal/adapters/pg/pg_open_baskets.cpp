#include "baskets/internal/adapters/pg/pg_open_baskets.hpp"

#include "pkg/postgres/transactor.hpp"

namespace baskets::adapters::pg {

using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;

namespace {

const RowStatement insert("basket_id uuid, touched_at timestamptz",
                          "INSERT INTO open_baskets (basket_id, touched_at) SELECT * FROM $given");
const RowStatement close("basket_id uuid", "DELETE FROM open_baskets USING $given WHERE open_baskets.basket_id = given.basket_id");
constexpr std::string_view touch = "UPDATE open_baskets SET touched_at = $2 WHERE basket_id = $1";

}  // namespace

void PgOpenBaskets::add(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) {
  transaction_of(unit).execute(insert, {id, touched_at});
}

void PgOpenBaskets::move(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) {
  transaction_of(unit).execute(touch, {id, touched_at});
}

void PgOpenBaskets::remove(pkg::uow::UnitOfWork& unit, const domain::BasketId& id) { transaction_of(unit).execute(close, {id}); }

pkg::errors::Result<std::vector<domain::BasketId>> PgOpenBaskets::perhaps_untouched_since(pkg::uow::UnitOfWork& unit,
                                                                                          pkg::clock::TimePoint time, int limit) {
  const auto rows =
      transaction_of(unit).query("SELECT basket_id FROM open_baskets WHERE touched_at <= $1 ORDER BY touched_at LIMIT $2", {time, limit});
  if (!rows) return pkg::errors::pass_on(rows);
  std::vector<domain::BasketId> baskets;
  for (const auto row : *rows) baskets.emplace_back(row.uuid(0));
  return baskets;
}

}  // namespace baskets::adapters::pg
