#include "depot/internal/adapters/pg/pg_store_cache.hpp"

#include "pkg/postgres/transactor.hpp"

namespace depot::adapters::pg {
namespace {

using pkg::postgres::Param;
using pkg::postgres::transaction_of;

// A name replaces what is known only where it is newer.
constexpr std::string_view learn_store =
    "INSERT INTO known_stores AS known (store_id, name, name_version, location)"
    " VALUES ($1, $2, CASE WHEN $2 IS NULL THEN 0 ELSE $4 END, $3)"
    " ON CONFLICT (store_id) DO UPDATE SET"
    "  name = CASE WHEN excluded.name_version > known.name_version THEN excluded.name ELSE known.name END,"
    "  name_version = greatest(excluded.name_version, known.name_version),"
    "  location = coalesce(excluded.location, known.location)";

}  // namespace

void PgStoreCache::learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) {
  auto& tx = transaction_of(unit);
  tx.execute(learn_store, {fact.store, fact.name, fact.location, fact.version});
  // At once, as the unit itself may ask; and once more with what it then read, whatever became of it.
  recent_.forget(fact.store);
  tx.on_outcome([this, store = fact.store](pkg::postgres::Outcome) { recent_.forget(store); });
}

// The array stands in a sub-select so that the planner cannot count its elements: it would make a new plan each time.
pkg::errors::Result<std::vector<domain::KnownStore>> PgStoreCache::find(pkg::uow::UnitOfWork& unit,
                                                                        std::span<const domain::StoreId> stores) {
  std::vector<domain::KnownStore> found;
  std::vector<pkg::ids::Uuid> ids;
  for (const auto& store : stores) {
    if (auto known = recent_.find(store)) {
      found.push_back(*std::move(known));
    } else {
      ids.push_back(store.value());
    }
  }
  if (ids.empty()) return found;
  const auto rows = transaction_of(unit).query(
      "SELECT store_id, name, location FROM known_stores WHERE store_id = ANY((SELECT $1::uuid[])::uuid[]) AND name IS NOT NULL AND location IS NOT NULL",
      {Param::array(ids)});
  if (!rows) return pkg::errors::pass_on(rows);
  for (const auto row : *rows) {
    found.push_back({domain::StoreId{row.uuid(0)}, std::string(row.text(1)), std::string(row.text(2))});
    recent_.put(found.back().store, found.back());
  }
  return found;
}

}  // namespace depot::adapters::pg
