#include "search/internal/adapters/pg/pg_product_index.hpp"

#include <charconv>
#include <utility>

#include "pkg/postgres/transactor.hpp"
#include "search/internal/adapters/pg/read_money.hpp"

namespace search::adapters::pg {
namespace {

using app::FoundProduct;
using app::ProductQuery;
using app::ProductSort;
using pkg::errors::ErrorKind;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Transaction;

// From what somebody typed to two tsqueries: the very words, and those or words like them. Each word counts as it is and by its English
// stem, the last one also as the beginning of a longer one. Words like "the" count only where there are no others. Whatever
// is no word, operators and quotes included, is dropped by the parser; array_to_tsvector quotes the rest as a tsquery wants it.
//
// A word is guessed at only where no product has it. One slip of the finger (a letter that is wrong, missing, too many, or swapped with the
// next) spoils most trigrams of a short word, so there it is looked for by the patterns of all slips, which the trigram index serves, too.
// Words of four letters are not compared by trigrams at all: three that agree are no likeness yet ("gray" and "grape").
constexpr std::string_view understand =
    "WITH words AS ("
    "  SELECT lexeme AS word, positions[cardinality(positions)] AS place, ts_lexize('english_stem', lexeme) AS stem"
    "  FROM unnest(to_tsvector('simple', folded($1)))"
    "), wanted AS ("
    "  SELECT word, place = max(place) OVER () AS is_last, stem[1] AS stem FROM words"
    "  WHERE stem <> '{}' OR NOT EXISTS (SELECT FROM words WHERE stem <> '{}')"
    "), spelled AS ("
    "  SELECT array_to_tsvector(ARRAY[word])::text || CASE WHEN is_last THEN ':*' ELSE '' END"
    "    || CASE WHEN stem IS NULL THEN '' ELSE ' | ' || array_to_tsvector(ARRAY[stem])::text END AS exact,"
    "   (SELECT string_agg(' | ' || array_to_tsvector(ARRAY[guess.word])::text, '') FROM ("
    "     SELECT near.word FROM ("
    "       SELECT v.word, true AS one_slip FROM vocabulary v WHERE v.word LIKE ANY (slips)"
    "       UNION ALL SELECT v.word, false FROM vocabulary v WHERE length(wanted.word) >= 5 AND v.word % wanted.word) AS near"
    "     WHERE NOT known GROUP BY near.word"
    "     ORDER BY bool_or(one_slip) DESC, similarity(near.word, wanted.word) DESC, near.word LIMIT 20) AS guess) AS guesses"
    "  FROM wanted, LATERAL (SELECT length(word) < 4 OR EXISTS (SELECT FROM vocabulary k WHERE k.word"
    "   BETWEEN wanted.word AND wanted.word || CASE WHEN is_last THEN chr(1114111) ELSE '' END) AS known OFFSET 0) AS fact,"
    "   LATERAL (SELECT ARRAY(SELECT slip FROM generate_series(0, length(word)) AS i, LATERAL (VALUES"
    "     (left(word, i) || '_' || substr(word, i + 2)), (left(word, i) || '_' || substr(word, i + 1)),"
    "     (left(word, i) || substr(word, i + 2)),"
    "     (left(word, i) || substr(word, i + 2, 1) || substr(word, i + 1, 1) || substr(word, i + 3))) AS made (slip)"
    "     WHERE NOT known AND length(word) < 8 AND word !~ '[%_\\\\]') AS slips OFFSET 0) AS typed"
    ") SELECT string_agg('(' || exact || ')', ' & '), string_agg('(' || exact || coalesce(guesses, '') || ')', ' & ') FROM spelled";

constexpr std::string_view columns =
    "SELECT p.product_id, p.store_id, s.name, p.name, p.description, p.sku, p.price_currency, p.price_minor, ";
constexpr std::string_view visible =
    " FROM products p JOIN stores s ON s.store_id = p.store_id"
    " WHERE p.name IS NOT NULL AND p.sku IS NOT NULL AND p.price_minor IS NOT NULL AND NOT p.removed AND s.name IS NOT NULL"
    "  AND s.participating AND ($1::uuid IS NULL OR p.store_id = $1) AND ($2::bigint IS NULL OR p.price_minor >= $2)"
    "  AND ($3::bigint IS NULL OR p.price_minor <= $3) AND ($4::text IS NULL OR p.price_currency = $4)";
constexpr std::string_view has_words = " AND p.terms @@ $8::tsquery";

// Products with the very words come before all others, the better the more prominent the words are. In millionths, because a cursor
// wants a key that is the same when it is read again. Depends on nothing but the product and the query, so that pages are stable.
constexpr std::string_view rank =
    "trunc(1000000 * CASE WHEN p.terms @@ $9::tsquery THEN 1 + ts_rank(p.terms, $9::tsquery)"
    " ELSE word_similarity(folded($10), folded(p.name)) END)::bigint";

/// A sort order: its name in cursors, the sort key in SQL and its type, and the direction.
struct Order {
  std::string_view name;
  std::string_view key;
  std::string_view type;
  bool ascending;
};

Order order_of(ProductSort sort, bool by_words) {
  switch (sort) {
    case ProductSort::relevance: return by_words ? Order{"relevance", rank, "bigint", false} : order_of(ProductSort::name, by_words);
    case ProductSort::price: return {"price", "p.price_minor", "bigint", true};
    case ProductSort::price_descending: return {"price_descending", "p.price_minor", "bigint", false};
    case ProductSort::name: return {"name", "p.name_key", "text", true};
  }
  std::unreachable();
}

std::string statement(const Order& order, bool by_words) {
  const std::string_view direction = order.ascending ? " ASC" : " DESC";
  std::string sql(columns);
  sql.append("(").append(order.key).append(")::text").append(visible);
  if (by_words) sql.append(has_words);
  sql.append(" AND ($5::text IS NULL OR (").append(order.key).append(", p.product_id) ").append(order.ascending ? ">" : "<");
  sql.append(" ($5::").append(order.type).append(", $6::uuid)) ORDER BY ").append(order.key).append(direction);
  return sql.append(", p.product_id").append(direction).append(" LIMIT $7");
}

struct Position {
  std::optional<std::string> key;
  std::optional<pkg::ids::Uuid> id;
};

Result<Position> read_position(const pkg::paging::Cursor& cursor, const Order& order) {
  if (cursor.empty()) return Position{};
  if (cursor.size() == app::ProductIndex::cursor_parts && cursor[0] == order.name) {
    const auto& key = cursor[1];
    std::int64_t number = 0;
    const auto read = std::from_chars(key.data(), key.data() + key.size(), number);
    const bool good = order.type == "text" || (read.ec == std::errc{} && read.ptr == key.data() + key.size());
    if (const auto id = pkg::ids::Uuid::parse(cursor[2]); id && good) return Position{key, *id};
  }
  return pkg::errors::fail(ErrorKind::malformed, "malformed_page_token",
                           "Use nextPageToken of the page before, unchanged, with the same filters.", "pageToken");
}

bool is_blank(std::string_view words) { return words.find_first_not_of(" \t\n\r\f\v") == std::string_view::npos; }

/// What is looked for; no queries where what was typed has no word in it.
struct Understood {
  std::optional<std::string> exact;
  std::optional<std::string> wide;
};

Result<Understood> understood(Transaction& tx, const std::string& words) {
  const auto rows = tx.query(understand, {words});
  if (!rows) return pass_on(rows);
  const auto row = (*rows)[0];
  if (row.is_null(0)) return Understood{};
  return Understood{std::string(row.text(0)), std::string(row.text(1))};
}

struct Found {
  FoundProduct product;
  std::string key;
};

Result<Found> read_product(const pkg::postgres::Row& row) {
  const auto price = read_money(row.text(6), row.int64(7));
  if (!price) return pass_on(price);
  return Found{{domain::ProductId{row.uuid(0)}, domain::StoreId{row.uuid(1)}, std::string(row.text(2)), std::string(row.text(3)),
                std::string(row.text(4)), std::string(row.text(5)), *price},
               std::string(row.text(8))};
}

}  // namespace

Result<pkg::paging::Slice<FoundProduct>> PgProductIndex::find(pkg::uow::UnitOfWork& unit, const ProductQuery& query) {
  const bool by_words = !is_blank(query.words);
  const auto order = order_of(query.sort, by_words);
  const auto after = read_position(query.page.after, order);
  if (!after) return pass_on(after);
  auto& tx = pkg::postgres::transaction_of(unit);
  Understood wanted;
  if (by_words) {
    auto read = understood(tx, query.words);
    if (!read) return pass_on(read);
    if (!read->exact) return pkg::paging::Slice<FoundProduct>{};
    wanted = std::move(*read);
  }
  const auto currency = query.currency ? std::optional(query.currency->to_string()) : std::nullopt;
  const auto rows = tx.query(statement(order, by_words), {query.store, query.min_price, query.max_price, currency, after->key, after->id,
                                                          query.page.size + 1, wanted.wide, wanted.exact, query.words});
  if (!rows) return pass_on(rows);
  std::vector<Found> found;
  for (const auto row : *rows) {
    auto product = read_product(row);
    if (!product) return pass_on(product);
    found.push_back(std::move(*product));
  }
  auto page = pkg::paging::cut(std::move(found), query.page.size, [&](const Found& last) {
    return pkg::paging::Cursor{std::string(order.name), last.key, last.product.id.to_string()};
  });
  pkg::paging::Slice<FoundProduct> slice{{}, std::move(page.next)};
  for (auto& each : page.items) slice.items.push_back(std::move(each.product));
  return slice;
}

}  // namespace search::adapters::pg
