#include "search/internal/adapters/pg/pg_order_history.hpp"

#include <unordered_map>

#include "pkg/postgres/transactor.hpp"
#include "search/internal/adapters/pg/order_items_codec.hpp"
#include "search/internal/adapters/pg/read_money.hpp"

namespace search::adapters::pg {
namespace {

using app::FoundOrder;
using pkg::errors::ErrorKind;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::array_text;
using pkg::postgres::Param;
using pkg::postgres::RowStatement;
using pkg::postgres::Transaction;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

const RowStatement learn_user("user_id uuid, username text",
                              "INSERT INTO users (user_id, username) SELECT * FROM $given ON CONFLICT DO NOTHING");

// The status is the newest told; contents are told once.
const RowStatement learn_status("order_id uuid, status text, status_version bigint",
                                "INSERT INTO orders AS known (order_id, status, status_version) SELECT * FROM $given"
                                " ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, status_version = excluded.status_version"
                                " WHERE excluded.status_version > known.status_version");
const RowStatement learn_order(
    "order_id uuid, user_id uuid, currency text, total_minor bigint, created_at timestamptz, store_ids text, product_ids text, items bytea,"
    " status text, status_version bigint",
    "INSERT INTO orders AS known (order_id, user_id, currency, total_minor, created_at, store_ids, product_ids, items, status,"
    "  status_version)"
    " SELECT order_id, user_id, currency, total_minor, created_at, store_ids::uuid[], product_ids::uuid[], items, status,"
    "  status_version FROM $given"
    " ON CONFLICT (order_id) DO UPDATE SET user_id = excluded.user_id, currency = excluded.currency, total_minor = excluded.total_minor,"
    "  created_at = excluded.created_at, store_ids = excluded.store_ids, product_ids = excluded.product_ids,"
    "  items = excluded.items,"
    "  status = CASE WHEN excluded.status_version > known.status_version THEN excluded.status ELSE known.status END,"
    "  status_version = greatest(excluded.status_version, known.status_version)"
    " WHERE known.created_at IS NULL");
constexpr std::string_view select_orders =
    "SELECT order_id, user_id, username, status, currency, total_minor, created_at, items, product_ids, store_ids FROM orders LEFT JOIN users USING (user_id)";
constexpr std::string_view is_known = " WHERE order_id = $1 AND created_at IS NOT NULL";
constexpr std::string_view is_wanted =
    " WHERE user_id = $1 AND created_at IS NOT NULL AND ($2::timestamptz IS NULL OR created_at >= $2)"
    "  AND ($3::timestamptz IS NULL OR created_at < $3) AND (cardinality($4::uuid[]) = 0 OR store_ids && $4)"
    "  AND (cardinality($5::uuid[]) = 0 OR product_ids && $5) AND ($6::bigint IS NULL OR total_minor >= $6)"
    "  AND ($7::bigint IS NULL OR total_minor <= $7) AND ($8::text IS NULL OR status = $8)"
    "  AND ($9::timestamptz IS NULL OR (created_at, order_id) < ($9, $10::uuid))"
    " ORDER BY created_at DESC, order_id DESC LIMIT $11";
// Of orders from before they had them in their rows.
constexpr std::string_view select_items =
    "SELECT order_id, product_id, store_id, product_name, store_name, currency, price_minor, quantity FROM order_items"
    " WHERE order_id = ANY($1) ORDER BY order_id, line";

template <class Id>
Param ids_param(const std::vector<Id>& ids) {
  std::vector<pkg::ids::Uuid> values;
  for (const auto& id : ids) values.push_back(id.value());
  return Param::array(values);
}

Result<FoundOrder> read_order(const pkg::postgres::Row& row) {
  const auto status = domain::status_of(row.text(3));
  if (!status) return pkg::errors::fail(ErrorKind::internal, "unreadable_row", "A stored order's status cannot be read.");
  const auto total = read_money(row.text(4), row.int64(5));
  if (!total) return pass_on(total);
  auto items = row.is_null(7) ? Result<std::vector<app::OrderedItem>>{} : decode_items(row.bytes(7), row.uuids(8), row.uuids(9));
  if (!items) return pass_on(items);
  return FoundOrder{.id = domain::OrderId{row.uuid(0)},
                    .user = domain::UserId{row.uuid(1)},
                    .username = std::string(row.maybe_text(2).value_or("")),
                    .status = *status,
                    .items = std::move(*items),
                    .total = *total,
                    .created_at = row.time(6)};
}

Result<std::vector<FoundOrder>> read_orders(const pkg::postgres::Rows& rows) {
  std::vector<FoundOrder> orders;
  for (const auto row : rows) {
    auto order = read_order(row);
    if (!order) return pass_on(order);
    orders.push_back(std::move(*order));
  }
  return orders;
}

Result<> add_items(Transaction& tx, std::vector<FoundOrder>& orders) {
  std::vector<pkg::ids::Uuid> ids;
  std::unordered_map<pkg::ids::Uuid, FoundOrder*> by_id;
  for (auto& order : orders) {
    if (!order.items.empty()) continue;
    ids.push_back(order.id.value());
    by_id.emplace(order.id.value(), &order);
  }
  if (ids.empty()) return {};
  const auto rows = tx.query(select_items, {Param::array(ids)});
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    const auto price = read_money(row.text(5), row.int64(6));
    if (!price) return pass_on(price);
    by_id.at(row.uuid(0))
        ->items.push_back({domain::ProductId{row.uuid(1)}, domain::StoreId{row.uuid(2)}, std::string(row.text(3)), std::string(row.text(4)),
                           *price, static_cast<int>(row.int64(7))});
  }
  return {};
}

}  // namespace

void PgOrderHistory::learn(UnitOfWork& unit, const app::UserFact& fact) {
  transaction_of(unit).execute(learn_user, {fact.user, fact.username});
}

void PgOrderHistory::learn(UnitOfWork& unit, const app::OrderFact& fact) {
  auto& tx = transaction_of(unit);
  if (!fact.contents) {
    tx.execute(learn_status, {fact.order, to_word(fact.status), fact.version});
    return;
  }
  const auto& order = *fact.contents;
  std::vector<domain::StoreId> stores;
  std::vector<domain::ProductId> products;
  for (const auto& item : order.items) {
    stores.push_back(item.store);
    products.push_back(item.product);
  }
  tx.execute(learn_order,
             {fact.order, order.user, order.total.currency().to_string(), order.total.minor_units(), order.created_at, array_text(stores),
              array_text(products), Param::bytea(encode_items(order.items)), to_word(fact.status), fact.version});
}

Result<std::optional<FoundOrder>> PgOrderHistory::find(UnitOfWork& unit, const domain::OrderId& order) {
  auto& tx = transaction_of(unit);
  const auto rows = tx.query(std::string(select_orders).append(is_known), {order});
  if (!rows) return pass_on(rows);
  auto found = read_orders(*rows);
  if (!found) return pass_on(found);
  if (found->empty()) return std::optional<FoundOrder>{};
  if (const auto items = add_items(tx, *found); !items) return pass_on(items);
  std::optional<FoundOrder> one(std::move(found->front()));
  return one;
}

Result<pkg::paging::Slice<FoundOrder>> PgOrderHistory::list(UnitOfWork& unit, const app::OrderQuery& query) {
  std::optional<pkg::clock::TimePoint> last_time;
  std::optional<pkg::ids::Uuid> last_id;
  if (!query.page.after.empty()) {
    const auto position = pkg::paging::read_time_and_id(query.page.after);
    if (!position) return pass_on(position);
    last_time = position->time;
    last_id = position->id;
  }
  const auto status = query.status ? std::optional(std::string(to_word(*query.status))) : std::nullopt;
  auto& tx = transaction_of(unit);
  const auto rows = tx.query(std::string(select_orders).append(is_wanted),
                             {query.user, query.after, query.before, ids_param(query.stores), ids_param(query.products), query.min_total,
                              query.max_total, status, last_time, last_id, query.page.size + 1});
  if (!rows) return pass_on(rows);
  auto orders = read_orders(*rows);
  if (!orders) return pass_on(orders);
  auto slice = pkg::paging::cut(std::move(*orders), query.page.size,
                                [](const FoundOrder& order) { return pkg::paging::time_and_id(order.created_at, order.id.value()); });
  if (const auto items = add_items(tx, slice.items); !items) return pass_on(items);
  return slice;
}

}  // namespace search::adapters::pg
