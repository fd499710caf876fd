#include "baskets/internal/adapters/pg/pg_open_baskets.hpp"

#include "pkg/postgres/transactor.hpp"

namespace baskets::adapters::pg {

using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;

namespace {

const RowStatement touch("basket_id uuid, touched_at timestamptz",
                         "INSERT INTO open_baskets (basket_id, touched_at) SELECT * FROM $given"
                         " ON CONFLICT (basket_id) DO UPDATE SET touched_at = excluded.touched_at");
const RowStatement close("basket_id uuid", "DELETE FROM open_baskets USING $given WHERE open_baskets.basket_id = given.basket_id");

}  // namespace

void PgOpenBaskets::note(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, const domain::Basket& basket) {
  if (basket.status == domain::BasketStatus::open) {
    transaction_of(unit).execute(touch, {id, basket.touched_at});
  } else {
    transaction_of(unit).execute(close, {id});
  }
}

pkg::errors::Result<std::vector<domain::BasketId>> PgOpenBaskets::untouched_since(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time,
                                                                                  int limit) {
  const auto rows =
      transaction_of(unit).query("SELECT basket_id FROM open_baskets WHERE touched_at <= $1 ORDER BY touched_at LIMIT $2", {time, limit});
  if (!rows) return pkg::errors::pass_on(rows);
  std::vector<domain::BasketId> baskets;
  for (const auto row : *rows) baskets.emplace_back(row.uuid(0));
  return baskets;
}

}  // namespace baskets::adapters::pg
