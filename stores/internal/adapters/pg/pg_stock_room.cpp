#include "stores/internal/adapters/pg/pg_stock_room.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "pkg/postgres/row_statement.hpp"
#include "pkg/postgres/transactor.hpp"

namespace stores::adapters::pg {
namespace {

using domain::ReservationStatus;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Param;
using pkg::postgres::Row;
using pkg::postgres::Rows;
using pkg::postgres::RowStatement;
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
// The same for many orders in two: what they have reserved, and the shelves of that and of what else is asked for.
constexpr std::string_view reservations_of_orders =
    "SELECT asked.order_id, r.status, l.product_id, l.quantity FROM unnest((SELECT $1::uuid[])) AS asked (order_id)"
    " LEFT JOIN reservations r ON r.order_id = asked.order_id LEFT JOIN reservation_lines l ON l.order_id = asked.order_id"
    " ORDER BY asked.order_id, l.product_id";
constexpr std::string_view shelves_of_orders =
    "WITH concerned AS (SELECT unnest((SELECT $2::uuid[])) AS product_id"
    "  UNION SELECT l.product_id FROM unnest((SELECT $1::uuid[])) AS asked (order_id) JOIN reservation_lines l ON l.order_id = asked.order_id)"
    " SELECT c.product_id, p.name, p.removed, s.on_hand, s.reserved FROM concerned c"
    "  LEFT JOIN products p ON p.product_id = c.product_id LEFT JOIN product_stock s ON s.product_id = c.product_id";

const RowStatement save_reservation("order_id uuid, status text",
                                    "INSERT INTO reservations (order_id, status) SELECT order_id, status FROM $given"
                                    " ON CONFLICT (order_id) DO UPDATE SET status = excluded.status");
const RowStatement save_line("order_id uuid, product_id uuid, quantity bigint",
                             "INSERT INTO reservation_lines (order_id, product_id, quantity) SELECT * FROM $given",
                             RowStatement::SameFirst::together);
const RowStatement save_level("product_id uuid, on_hand bigint, reserved bigint",
                              "UPDATE product_stock s SET on_hand = given.on_hand, reserved = given.reserved FROM $given"
                              " WHERE s.product_id = given.product_id");
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

Param ids_of(std::span<const domain::ProductId> products) {
  std::vector<pkg::ids::Uuid> ids;
  for (const auto& product : products) ids.push_back(product.value());
  return Param::array(ids);
}

}  // namespace

class PgStockRoom::Seen {
 public:
  /// Nothing where not all of it was looked ahead for.
  std::optional<app::StockFacts> facts(const domain::OrderId& order, std::span<const domain::ProductId> products) const {
    const auto reservation = reservations_.find(order);
    if (reservation == reservations_.end()) return std::nullopt;
    std::set<domain::ProductId> concerned(products.begin(), products.end());
    for (const auto& line : reservation->second.lines) concerned.insert(line.product);
    app::StockFacts facts{reservation->second, {}};
    for (const auto& product : concerned) {
      const auto shelf = shelves_.find(product);
      if (shelf == shelves_.end()) return std::nullopt;
      if (shelf->second) facts.shelves.push_back(*shelf->second);
    }
    return facts;
  }

  Result<> note_reservations(const Rows& rows) {
    for (const auto row : rows) {
      const auto status = from_word(row.maybe_text(1));
      if (!status) return pass_on(status);
      domain::Reservation& reservation = reservations_[domain::OrderId{row.uuid(0)}];
      reservation.status = *status;
      if (const auto product = row.maybe_uuid(2)) reservation.lines.push_back({domain::ProductId{*product}, row.int64(3)});
    }
    return {};
  }
  void note_shelves(const Rows& rows) {
    for (const auto row : rows) {
      const domain::ProductId product{row.uuid(0)};
      auto& shelf = shelves_[product];
      if (row.is_null(1) || row.is_null(4)) continue;
      shelf = domain::Shelf{product, std::string(row.text(1)), !row.boolean(2), {row.maybe_int64(3), row.int64(4)}};
    }
  }

  void note(const domain::OrderId& order, const domain::StockChange& change) {
    reservations_[order] = change.reservation;
    for (const auto& level : change.levels) {
      if (const auto shelf = shelves_.find(level.product); shelf != shelves_.end() && shelf->second) shelf->second->stock = level.stock;
    }
  }
  void forget() {
    reservations_.clear();
    shelves_.clear();
  }

 private:
  std::map<domain::OrderId, domain::Reservation> reservations_;
  std::map<domain::ProductId, std::optional<domain::Shelf>> shelves_;  ///< nothing where there is no such product
};

void PgStockRoom::open(UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) {
  transaction_of(unit).execute(
      "INSERT INTO product_stock (product_id, on_hand, reserved, received) VALUES ($1, $2, $3, $2) ON CONFLICT DO NOTHING",
      {product, stock.on_hand, stock.reserved});
}

Result<app::StockFacts> PgStockRoom::look(UnitOfWork& unit, const domain::OrderId& order, std::span<const domain::ProductId> products) {
  auto& tx = transaction_of(unit);
  if (const auto seen = seen_in(tx)) {
    if (auto facts = seen->facts(order, products)) return *std::move(facts);
  }
  tx.execute(queue_up);
  const auto rows = tx.query(look_at_order, {order, ids_of(products)});
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

Result<> PgStockRoom::look_ahead(UnitOfWork& unit, std::span<const app::StockWanted> wanted) {
  std::vector<pkg::ids::Uuid> orders;
  std::vector<domain::ProductId> products;
  for (const auto& each : wanted) {
    orders.push_back(each.order.value());
    products.insert(products.end(), each.products.begin(), each.products.end());
  }
  std::ranges::sort(orders);
  const auto doubled = std::ranges::unique(orders);
  orders.erase(doubled.begin(), doubled.end());

  auto& tx = transaction_of(unit);
  const auto seen = std::make_shared<Seen>();  // shared as said at seen_
  tx.execute(queue_up);
  tx.execute(reservations_of_orders, {Param::array(orders)}, [seen](const Rows& rows) { return seen->note_reservations(rows); });
  const auto shelves = tx.query(shelves_of_orders, {Param::array(orders), ids_of(products)});
  if (!shelves) return pass_on(shelves);
  seen->note_shelves(*shelves);
  {
    const std::scoped_lock lock(mutex_);
    seen_[&tx] = seen;
  }
  tx.on_outcome([this, &tx](pkg::postgres::Outcome) { forget_in(tx); });
  return {};
}

std::shared_ptr<PgStockRoom::Seen> PgStockRoom::seen_in(Transaction& tx) {  // shared as said at seen_
  const std::scoped_lock lock(mutex_);
  const auto found = seen_.find(&tx);
  return found == seen_.end() ? nullptr : found->second;
}

void PgStockRoom::forget_in(Transaction& tx) {
  const std::scoped_lock lock(mutex_);
  seen_.erase(&tx);
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
  if (const auto seen = seen_in(tx)) {
    if (tx.has_savepoint()) tx.on_taken_back([seen](std::size_t) { seen->forget(); });
    seen->note(order, change);
  }
  tx.execute(save_reservation, {order, to_word(change.reservation.status)});
  if (change.reservation.status == ReservationStatus::reserved) {
    for (const auto& line : change.reservation.lines) tx.execute(save_line, {order, line.product, line.quantity});
  }
  for (const auto& level : change.levels) tx.execute(save_level, {level.product, level.stock.on_hand.value_or(0), level.stock.reserved});
}

void PgStockRoom::save(UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) {
  auto& tx = transaction_of(unit);
  forget_in(tx);
  tx.execute(save_received, {product, stock.on_hand, stock.reserved});
}

}  // namespace stores::adapters::pg
