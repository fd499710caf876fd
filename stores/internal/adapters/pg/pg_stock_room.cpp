#include "stores/internal/adapters/pg/pg_stock_room.hpp"

#include <utility>

#include "pkg/postgres/transactor.hpp"

namespace stores::adapters::pg {
namespace {

using domain::ReservationStatus;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Param;
using pkg::postgres::Row;
using pkg::postgres::Transaction;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

// A statement of its own before any that reads: what they read is then of after the lock.
constexpr std::string_view queue_up = "SELECT pg_advisory_xact_lock(hashtextextended('stores.stock', 0))";

// Arrays stand in a sub-select so that the planner cannot count their elements: it would make a new plan each time, for several times
// the price of running it.

// At least one row for each product concerned, and one without a product where there is none.
constexpr std::string_view look_at_order =
    "WITH concerned AS (SELECT product_id, quantity FROM reservation_lines WHERE order_id = $1"
    "  UNION ALL SELECT unnest((SELECT $2::uuid[])), NULL)"
    " SELECT (SELECT status FROM reservations WHERE order_id = $1), c.product_id, c.quantity, p.name, p.removed, s.on_hand, s.reserved"
    " FROM (VALUES (1)) AS one LEFT JOIN concerned c ON true"
    "  LEFT JOIN products p ON p.product_id = c.product_id"
    "  LEFT JOIN product_stock s ON s.product_id = c.product_id"
    " ORDER BY c.product_id";
constexpr std::string_view save_reservation =
    "INSERT INTO reservations (order_id, status) VALUES ($1, $2) ON CONFLICT (order_id) DO UPDATE SET status = excluded.status";
constexpr std::string_view save_lines =
    "INSERT INTO reservation_lines (order_id, product_id, quantity) SELECT $1, product_id, quantity"
    " FROM unnest($2::uuid[], $3::bigint[]) AS line (product_id, quantity)";
constexpr std::string_view save_levels =
    "UPDATE product_stock s SET on_hand = level.on_hand, reserved = level.reserved"
    " FROM unnest((SELECT $1::uuid[]), (SELECT $2::bigint[]), (SELECT $3::bigint[])) AS level (product_id, on_hand, reserved)"
    " WHERE s.product_id = level.product_id";
// What is on hand changes for one other reason only: pieces leave with their orders, and those are in the reservations.
constexpr std::string_view save_received =
    "UPDATE product_stock SET received = received + $2 - on_hand, on_hand = $2, reserved = $3 WHERE product_id = $1";

std::string_view to_word(ReservationStatus status) {
  switch (status) {
    case ReservationStatus::none: return "none";
    case ReservationStatus::reserved: return "reserved";
    case ReservationStatus::committed: return "committed";
    case ReservationStatus::released: return "released";
  }
  std::unreachable();
}

Result<ReservationStatus> from_word(std::optional<std::string_view> word) {
  if (!word) return ReservationStatus::none;
  for (const auto status : {ReservationStatus::reserved, ReservationStatus::committed, ReservationStatus::released}) {
    if (to_word(status) == *word) return status;
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored reservation's status cannot be read.");
}

void read_row(const Row& row, app::StockFacts& facts) {
  const auto id = row.maybe_uuid(1);
  if (!id) return;
  const domain::ProductId product{*id};
  if (const auto quantity = row.maybe_int64(2)) facts.reservation.lines.push_back({product, *quantity});
  const bool is_known = !row.is_null(3) && !row.is_null(6);
  const bool is_listed = !facts.shelves.empty() && facts.shelves.back().product == product;
  if (is_known && !is_listed)
    facts.shelves.push_back({product, std::string(row.text(3)), !row.boolean(4), {row.maybe_int64(5), row.int64(6)}});
}

void save_stock(Transaction& tx, std::span<const domain::StockChange::Level> levels) {
  if (levels.empty()) return;
  std::vector<pkg::ids::Uuid> products;
  std::vector<std::int64_t> on_hand, reserved;
  for (const auto& level : levels) {
    products.push_back(level.product.value());
    on_hand.push_back(level.stock.on_hand.value_or(0));
    reserved.push_back(level.stock.reserved);
  }
  tx.execute(save_levels, {Param::array(products), Param::array(on_hand), Param::array(reserved)});
}

}  // namespace

void PgStockRoom::open(UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) {
  transaction_of(unit).execute(
      "INSERT INTO product_stock (product_id, on_hand, reserved, received) VALUES ($1, $2, $3, $2) ON CONFLICT DO NOTHING",
      {product, stock.on_hand, stock.reserved});
}

Result<app::StockFacts> PgStockRoom::look(UnitOfWork& unit, const domain::OrderId& order, std::span<const domain::ProductId> products) {
  std::vector<pkg::ids::Uuid> ids;
  for (const auto& product : products) ids.push_back(product.value());
  auto& tx = transaction_of(unit);
  tx.execute(queue_up);
  const auto rows = tx.query(look_at_order, {order, Param::array(ids)});
  if (!rows) return pass_on(rows);
  app::StockFacts facts;
  for (const auto row : *rows) {
    const auto status = from_word(row.maybe_text(0));
    if (!status) return pass_on(status);
    facts.reservation.status = *status;
    read_row(row, facts);
  }
  return facts;
}

Result<std::optional<domain::Stock>> PgStockRoom::look(UnitOfWork& unit, const domain::ProductId& product) {
  auto& tx = transaction_of(unit);
  tx.execute(queue_up);
  const auto rows = tx.query("SELECT on_hand, reserved FROM product_stock WHERE product_id = $1", {product});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<domain::Stock>{};
  return std::optional(domain::Stock{(*rows)[0].maybe_int64(0), (*rows)[0].int64(1)});
}

void PgStockRoom::save(UnitOfWork& unit, const domain::OrderId& order, const domain::StockChange& change) {
  auto& tx = transaction_of(unit);
  tx.execute(save_reservation, {order, to_word(change.reservation.status)});
  if (change.reservation.status == ReservationStatus::reserved) {
    std::vector<pkg::ids::Uuid> products;
    std::vector<std::int64_t> quantities;
    for (const auto& line : change.reservation.lines) {
      products.push_back(line.product.value());
      quantities.push_back(line.quantity);
    }
    tx.execute(save_lines, {order, Param::array(products), Param::array(quantities)});
  }
  save_stock(tx, change.levels);
}

void PgStockRoom::save(UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) {
  transaction_of(unit).execute(save_received, {product, stock.on_hand, stock.reserved});
}

}  // namespace stores::adapters::pg
