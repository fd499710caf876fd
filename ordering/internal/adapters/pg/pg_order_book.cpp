#include "ordering/internal/adapters/pg/pg_order_book.hpp"

#include <variant>

#include "ordering/internal/adapters/pg/status_words.hpp"
#include "ordering/internal/app/order_steps.hpp"
#include "pkg/postgres/transactor.hpp"

namespace ordering::adapters::pg {
namespace {

using app::OrderView;
using domain::OrderStatus;
using pkg::errors::ErrorKind;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Param;
using pkg::postgres::Row;
using pkg::postgres::RowStatement;
using pkg::postgres::Transaction;
using pkg::postgres::transaction_of;
using pkg::uow::UnitOfWork;

const RowStatement insert_order(
    "order_id uuid, user_id uuid, payment_id uuid, status text, currency text, total_minor bigint, created_at timestamptz, version bigint",
    "INSERT INTO orders (order_id, user_id, payment_id, status, currency, total_minor, created_at, version) SELECT * FROM $given");
const RowStatement approve_order(
    "order_id uuid, status text, version bigint, shopping_list_id uuid",
    "UPDATE orders SET status = given.status, version = given.version, shopping_list_id = given.shopping_list_id FROM $given"
    " WHERE orders.order_id = given.order_id");
const RowStatement reject_order(
    "order_id uuid, status text, version bigint, rejection_code text",
    "UPDATE orders SET status = given.status, version = given.version, rejection_code = given.rejection_code FROM $given"
    " WHERE orders.order_id = given.order_id");
const RowStatement complete_order(
    "order_id uuid, status text, version bigint, invoice_id uuid",
    "UPDATE orders SET status = given.status, version = given.version, invoice_id = given.invoice_id FROM $given"
    " WHERE orders.order_id = given.order_id");
const RowStatement move_order(
    "order_id uuid, status text, version bigint",
    "UPDATE orders SET status = given.status, version = given.version FROM $given WHERE orders.order_id = given.order_id");
const RowStatement leave_order("order_id uuid, version bigint",
                               "UPDATE orders SET version = given.version FROM $given WHERE orders.order_id = given.order_id");
const RowStatement bill_order("order_id uuid, invoice_id uuid",
                              "UPDATE orders SET invoice_id = given.invoice_id FROM $given WHERE orders.order_id = given.order_id");
constexpr std::string_view order_columns =
    "order_id, user_id, payment_id, status, currency, total_minor, shopping_list_id, invoice_id, rejection_code, created_at, orders.version";
// Items and history are what the events say. One statement and so one moment, as status, items and history belong together: a row is the
// order and one of its events.
const std::string select_whole_order =
    "SELECT " + std::string(order_columns) +
    ", events.type, events.type_version, events.payload FROM orders LEFT JOIN events"
    " ON events.aggregate_kind = $2 AND events.aggregate_id = order_id WHERE order_id = $1 ORDER BY events.version";
// What was ordered is in the first event.
const std::string select_of_user = "SELECT " + std::string(order_columns) +
                                   ", events.type, events.type_version, events.payload FROM orders LEFT JOIN events"
                                   " ON events.aggregate_kind = $5 AND events.aggregate_id = order_id AND events.version = 1"
                                   " WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, order_id) < ($2, $3))"
                                   " ORDER BY created_at DESC, order_id DESC LIMIT $4";
constexpr int event_type = 11;  // the first of an event's columns

Result<OrderView> read_order(const Row& row) {
  const auto status = from_word(row.text(3));
  const auto currency = pkg::money::Currency::parse(row.text(4));
  if (!status) return pass_on(status);
  if (!currency) return pkg::errors::fail(ErrorKind::internal, "unreadable_row", "A stored order's currency cannot be read.");
  OrderView order;
  order.id = domain::OrderId{row.uuid(0)};
  order.user = domain::UserId{row.uuid(1)};
  order.payment = domain::PaymentId{row.uuid(2)};
  order.status = *status;
  order.total = {*currency, row.int64(5)};
  if (const auto list = row.maybe_uuid(6)) order.shopping_list = domain::ShoppingListId{*list};
  if (const auto invoice = row.maybe_uuid(7)) order.invoice = domain::InvoiceId{*invoice};
  order.rejection_code = row.text(8);
  order.created_at = row.time(9);
  order.version = static_cast<pkg::es::Version>(row.int64(10));
  return order;
}

pkg::es_pg::StoredEvent read_event(const Row& row) {
  return {std::string(row.text(event_type)), static_cast<int>(row.int64(event_type + 1)), std::string(row.bytes(event_type + 2))};
}

}  // namespace

/// One event's traces in the read model.
struct Note {
  Transaction& tx;
  const domain::OrderId& id;
  pkg::es::Version version;

  void operator()(const domain::OrderCreated& e) const {
    tx.execute(insert_order, {id, e.user, e.payment, to_word(OrderStatus::pending), e.total.currency().to_string(), e.total.minor_units(),
                              e.at, version});
  }
  void operator()(const domain::OrderApproved& e) const {
    tx.execute(approve_order, {id, to_word(OrderStatus::approved), version, e.shopping_list});
  }
  void operator()(const domain::OrderRejected& e) const { tx.execute(reject_order, {id, to_word(OrderStatus::rejected), version, e.code}); }
  void operator()(const domain::OrderCanceled&) const { move(OrderStatus::canceled); }
  void operator()(const domain::OrderPickedEarly&) const { stay(); }
  void operator()(const domain::OrderListCanceledEarly&) const { stay(); }
  void operator()(const domain::OrderReadied&) const { move(OrderStatus::ready); }
  void operator()(const domain::OrderCompleted& e) const {
    tx.execute(complete_order, {id, to_word(OrderStatus::completed), version, e.invoice});
  }

  /// What is remembered for later and not shown.
  void stay() const { tx.execute(leave_order, {id, version}); }
  void move(OrderStatus status) const { tx.execute(move_order, {id, to_word(status), version}); }
};

void PgOrderBook::note(UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
                       std::span<const domain::OrderEvent> events) {
  pkg::es::Version version = after.version - events.size();
  for (const auto& event : events) std::visit(Note{transaction_of(unit), id, ++version}, event);
}

void PgOrderBook::note_invoice(UnitOfWork& unit, const domain::OrderId& id, const domain::InvoiceId& invoice) {
  // not_found, not `unavailable`: it shows at the commit, where `unavailable` would mean that the database is away.
  const auto unknown = domain::to_error({domain::OrderRejection::no_such_order, "There is no such order."});
  transaction_of(unit).execute(bill_order, {id, invoice}, pkg::postgres::expect_rows(1, unknown));
}

Result<std::optional<OrderView>> PgOrderBook::find(UnitOfWork& unit, const domain::OrderId& id) {
  const auto rows = transaction_of(unit).query(select_whole_order, {id, domain::Order::kind});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<OrderView>{};
  auto order = read_order((*rows)[0]);
  if (!order) return pass_on(order);
  for (const auto row : *rows) {
    if (row.is_null(event_type)) continue;
    const auto event = codec_.decode(read_event(row));
    if (!event) return pass_on(event);
    if (const auto* created = std::get_if<domain::OrderCreated>(&*event)) order->items = created->items;
    if (auto step = app::step_of(*event)) order->history.push_back(std::move(*step));
  }
  return std::optional(std::move(*order));
}

Result<pkg::paging::Slice<OrderView>> PgOrderBook::of_user(UnitOfWork& unit, const domain::UserId& user, const pkg::paging::Page& page) {
  std::optional<pkg::clock::TimePoint> before_time;
  std::optional<pkg::ids::Uuid> before_id;
  if (!page.after.empty()) {
    const auto position = pkg::paging::read_time_and_id(page.after);
    if (!position) return pass_on(position);
    before_time = position->time;
    before_id = position->id;
  }
  const auto rows = transaction_of(unit).query(select_of_user, {user, before_time, before_id, page.size + 1, domain::Order::kind});
  if (!rows) return pass_on(rows);
  std::vector<OrderView> orders;
  for (const auto row : *rows) {
    auto order = read_order(row);
    if (!order) return pass_on(order);
    if (!row.is_null(event_type)) {
      auto event = codec_.decode(read_event(row));
      if (!event) return pass_on(event);
      if (auto* created = std::get_if<domain::OrderCreated>(&*event)) order->items = std::move(created->items);
    }
    orders.push_back(std::move(*order));
  }
  return pkg::paging::cut(std::move(orders), page.size,
                          [](const OrderView& order) { return pkg::paging::time_and_id(order.created_at, order.id.value()); });
}

}  // namespace ordering::adapters::pg
