// The writing half of PgProductIndex.

#include "pkg/postgres/transactor.hpp"
#include "search/internal/adapters/pg/pg_product_index.hpp"

namespace search::adapters::pg {
namespace {

using pkg::postgres::transaction_of;

// A fact replaces what is known only where it is newer than what was last told of the same sort.
constexpr std::string_view learn_store =
    "INSERT INTO stores AS known (store_id, name, name_version, participating, participating_version)"
    " VALUES ($1, $2, CASE WHEN $2 IS NULL THEN 0 ELSE $4 END, $3, CASE WHEN $3 IS NULL THEN 0 ELSE $4 END)"
    " ON CONFLICT (store_id) DO UPDATE SET"
    "  name = CASE WHEN excluded.name_version > known.name_version THEN excluded.name ELSE known.name END,"
    "  name_version = greatest(excluded.name_version, known.name_version),"
    "  participating = CASE WHEN excluded.participating_version > known.participating_version THEN excluded.participating"
    "   ELSE known.participating END,"
    "  participating_version = greatest(excluded.participating_version, known.participating_version)";

constexpr std::string_view learn_product =
    "INSERT INTO products AS known (product_id, store_id, sku, name, description, brand_version, price_minor, price_currency, price_version,"
    "  removed)"
    " VALUES ($1, $2, $3, $4, $5, CASE WHEN $4 IS NULL THEN 0 ELSE $9 END, $6, $7, CASE WHEN $6 IS NULL THEN 0 ELSE $9 END, $8)"
    " ON CONFLICT (product_id) DO UPDATE SET"
    "  store_id = coalesce(known.store_id, excluded.store_id),"
    "  sku = coalesce(known.sku, excluded.sku),"
    "  name = CASE WHEN excluded.brand_version > known.brand_version THEN excluded.name ELSE known.name END,"
    "  description = CASE WHEN excluded.brand_version > known.brand_version THEN excluded.description ELSE known.description END,"
    "  brand_version = greatest(excluded.brand_version, known.brand_version),"
    "  price_minor = CASE WHEN excluded.price_version > known.price_version THEN excluded.price_minor ELSE known.price_minor END,"
    "  price_currency = CASE WHEN excluded.price_version > known.price_version THEN excluded.price_currency ELSE known.price_currency END,"
    "  price_version = greatest(excluded.price_version, known.price_version),"
    "  removed = known.removed OR excluded.removed";  // removal is for good

// In one order, so that two who learn the same new words at once wait for each other instead of dying together. Shorter words are not
// guessed at, and nobody misspells one longer than this.
constexpr std::string_view learn_words =
    "INSERT INTO vocabulary (word)"
    " SELECT word FROM unnest(tsvector_to_array(to_tsvector('simple', folded(left($1, 20000))))) AS told (word)"
    " WHERE length(word) BETWEEN 4 AND 40 AND NOT EXISTS (SELECT FROM vocabulary v WHERE v.word = told.word)"
    " ORDER BY word ON CONFLICT DO NOTHING";

}  // namespace

void PgProductIndex::learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) {
  transaction_of(unit).execute(learn_store, {fact.store, fact.name, fact.participating, fact.version});
}

void PgProductIndex::learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) {
  std::optional<domain::StoreId> store;
  std::optional<std::string> sku, name, description, currency;
  std::optional<std::int64_t> minor_units;
  std::string words;
  if (fact.origin) {
    store = fact.origin->store;
    sku = fact.origin->sku;
    words = *sku + ' ';
  }
  if (fact.brand) {
    name = fact.brand->name;
    description = fact.brand->description;
    words += *name + ' ' + *description;
  }
  if (fact.price) {
    minor_units = fact.price->minor_units();
    currency = fact.price->currency().to_string();
  }
  auto& tx = transaction_of(unit);
  tx.execute(learn_product, {fact.product, store, sku, name, description, minor_units, currency, fact.removed, fact.version});
  if (!words.empty()) tx.execute(learn_words, {words});
}

}  // namespace search::adapters::pg
