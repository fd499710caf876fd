#include "baskets/internal/adapters/pg/pg_offer_cache.hpp"

#include "pkg/postgres/transactor.hpp"

namespace baskets::adapters::pg {
namespace {

using pkg::postgres::Param;
using pkg::postgres::transaction_of;

// A fact replaces what is known only where it is newer than what was last told of the same sort.
constexpr std::string_view learn_store =
    "INSERT INTO known_stores AS known (store_id, name, name_version, participating, participating_version)"
    " VALUES ($1, $2, CASE WHEN $2 IS NULL THEN 0 ELSE $4 END, $3, CASE WHEN $3 IS NULL THEN 0 ELSE $4 END)"
    " ON CONFLICT (store_id) DO UPDATE SET"
    "  name = CASE WHEN excluded.name_version > known.name_version THEN excluded.name ELSE known.name END,"
    "  name_version = greatest(excluded.name_version, known.name_version),"
    "  participating = CASE WHEN excluded.participating_version > known.participating_version THEN excluded.participating ELSE known.participating END,"
    "  participating_version = greatest(excluded.participating_version, known.participating_version)";

constexpr std::string_view learn_product =
    "INSERT INTO known_products AS known (product_id, store_id, name, name_version, price_minor, price_currency, price_version, removed)"
    " VALUES ($1, $2, $3, CASE WHEN $3 IS NULL THEN 0 ELSE $7 END, $4, $5, CASE WHEN $4 IS NULL THEN 0 ELSE $7 END, $6)"
    " ON CONFLICT (product_id) DO UPDATE SET"
    "  store_id = coalesce(known.store_id, excluded.store_id),"
    "  name = CASE WHEN excluded.name_version > known.name_version THEN excluded.name ELSE known.name END,"
    "  name_version = greatest(excluded.name_version, known.name_version),"
    "  price_minor = CASE WHEN excluded.price_version > known.price_version THEN excluded.price_minor ELSE known.price_minor END,"
    "  price_currency = CASE WHEN excluded.price_version > known.price_version THEN excluded.price_currency ELSE known.price_currency END,"
    "  price_version = greatest(excluded.price_version, known.price_version),"
    "  removed = known.removed OR excluded.removed";  // removal is for good

// The array stands in a sub-select so that the planner cannot count its elements: it would make a new plan each time.
constexpr std::string_view find_offers =
    "SELECT product_id, store_id, p.name, s.name, price_currency, price_minor, removed, participating"
    " FROM known_products p JOIN known_stores s USING (store_id)"
    " WHERE product_id = ANY((SELECT $1::uuid[])::uuid[]) AND p.name IS NOT NULL AND s.name IS NOT NULL AND price_minor IS NOT NULL AND participating IS NOT NULL";

}  // namespace

void PgOfferCache::learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) {
  auto& tx = transaction_of(unit);
  tx.execute(learn_store, {fact.store, fact.name, fact.participating, fact.version});
  tx.after_commit([this] { recent_.forget_all(); });
}

void PgOfferCache::learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) {
  std::optional<std::int64_t> minor_units;
  std::optional<std::string> currency;
  if (fact.price) {
    minor_units = fact.price->minor_units();
    currency = fact.price->currency().to_string();
  }
  auto& tx = transaction_of(unit);
  tx.after_commit([this, product = fact.product] { recent_.forget(product); });
  tx.execute(learn_product, {fact.product, fact.store, fact.name, minor_units, currency, fact.removed, fact.version});
}

pkg::errors::Result<std::vector<domain::Offer>> PgOfferCache::find(pkg::uow::UnitOfWork& unit,
                                                                   std::span<const domain::ProductId> products) {
  std::vector<pkg::ids::Uuid> ids;
  for (const auto& product : products) ids.push_back(product.value());
  const auto rows = transaction_of(unit).query(find_offers, {Param::array(ids)});
  if (!rows) return pkg::errors::pass_on(rows);
  std::vector<domain::Offer> offers;
  for (const auto row : *rows) {
    const auto currency = pkg::money::Currency::parse(row.text(4));
    if (!currency) return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored currency cannot be read.");
    offers.push_back({domain::ProductId{row.uuid(0)}, domain::StoreId{row.uuid(1)}, std::string(row.text(2)), std::string(row.text(3)),
                      pkg::money::Money{*currency, row.int64(5)}, !row.boolean(6), row.boolean(7)});
    recent_.put(offers.back().product, offers.back());
  }
  return offers;
}

}  // namespace baskets::adapters::pg
