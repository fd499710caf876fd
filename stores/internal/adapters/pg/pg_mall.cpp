#include "stores/internal/adapters/pg/pg_mall.hpp"

#include "pkg/postgres/transactor.hpp"
#include "stores/internal/app/id_cursor.hpp"

namespace stores::adapters::pg {
namespace {

using app::StoreView;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

constexpr std::string_view note_store =
    "INSERT INTO stores (store_id, owner_id, name, location, participating, version) VALUES ($1, $2, $3, $4, $5, $6)"
    " ON CONFLICT (store_id) DO UPDATE SET name = excluded.name, location = excluded.location, participating = excluded.participating,"
    "  version = excluded.version";
constexpr std::string_view find_store = "SELECT store_id, owner_id, name, location, participating, version FROM stores WHERE store_id = $1";
// Two statements, so that each has the plan that its index wants.
constexpr std::string_view list_all =
    "SELECT store_id, owner_id, name, location, participating, version FROM stores WHERE store_id > $1 ORDER BY store_id LIMIT $2";
constexpr std::string_view list_by_participation =
    "SELECT store_id, owner_id, name, location, participating, version FROM stores WHERE store_id > $1 AND participating = $3"
    " ORDER BY store_id LIMIT $2";

StoreView read_store(const pkg::postgres::Row& row) {
  return {domain::StoreId{row.uuid(0)},
          domain::UserId{row.uuid(1)},
          std::string(row.text(2)),
          std::string(row.text(3)),
          row.boolean(4),
          static_cast<pkg::es::Version>(row.int64(5))};
}

}  // namespace

void PgMall::note(UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after) {
  const auto& store = after.state;
  transaction_of(unit).execute(note_store, {id, store.owner, store.name, store.location, store.participating, after.version});
}

Result<std::optional<StoreView>> PgMall::find(UnitOfWork& unit, const domain::StoreId& id) {
  const auto rows = transaction_of(unit).query(find_store, {id});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<StoreView>{};
  return std::optional(read_store((*rows)[0]));
}

Result<pkg::paging::Slice<StoreView>> PgMall::list(UnitOfWork& unit, std::optional<bool> participating, const pkg::paging::Page& page) {
  const auto after = app::read_id_cursor(page.after);
  if (!after) return pass_on(after);
  auto& tx = transaction_of(unit);
  const auto rows = participating ? tx.query(list_by_participation, {*after, page.size + 1, *participating})
                                  : tx.query(list_all, {*after, page.size + 1});
  if (!rows) return pass_on(rows);
  std::vector<StoreView> stores;
  for (const auto row : *rows) stores.push_back(read_store(row));
  return pkg::paging::cut(std::move(stores), page.size, [](const StoreView& store) { return app::id_cursor(store.id.value()); });
}

}  // namespace stores::adapters::pg
