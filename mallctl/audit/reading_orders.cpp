#include "mallctl/audit/reading.hpp"
#include "ordering/internal/agent/audit.hpp"
#include "pkg/postgres/transactor.hpp"
#include "stores/internal/agent/audit.hpp"

namespace mallctl::audit {
namespace {

using pkg::errors::pass_on;
using pkg::postgres::Row;
using pkg::postgres::Transaction;
using pkg::uow::UnitOfWork;

// The last change is that of the events: some are not shown.
constexpr std::string_view select_orders =
    "SELECT order_id, user_id, payment_id, status, currency, total_minor, shopping_list_id, invoice_id, created_at,"
    "  coalesce((SELECT max(occurred_at) FROM events WHERE aggregate_kind = 'Order' AND aggregate_id = order_id), created_at)"
    " FROM orders";

Order read_order(const Row& row) {
  Order order;
  order.user = row.uuid(1);
  order.payment = row.uuid(2);
  order.status = row.text(3);
  order.currency = row.text(4);
  order.total_minor = row.int64(5);
  order.list = row.maybe_uuid(6);
  order.invoice = row.maybe_uuid(7);
  order.created_at = row.time(8);
  order.changed_at = row.time(9);
  return order;
}

std::vector<Order::Step> history_of(const Order& order, const std::vector<ordering::agent::OrderStep>& readable, bool all_can_be_read) {
  std::vector<Order::Step> history;
  for (const auto& step : readable) history.push_back({step.status, step.at});
  // What an event that nobody can read led to is where the order is, if it was the last.
  if (!all_can_be_read && (history.empty() || history.back().status != order.status)) history.push_back({order.status, order.changed_at});
  return history;
}

}  // namespace

Read read_orders(Databases& databases, Books& books) {
  return databases.read("ordering", [&](UnitOfWork& unit, Transaction& transaction) -> Read {
    const auto rows = transaction.query(select_orders);
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) books.orders[row.uuid(0)] = read_order(row);
    auto audited = ordering::agent::audit_orders(unit);
    if (!audited) return pass_on(audited);
    books.order_model = std::move(audited->orders);
    for (auto& [id, order] : books.orders) {
      auto& told = audited->told[id];
      order.items = std::move(told.items);
      order.pieces = std::move(told.pieces);
      order.history = history_of(order, told.history, !books.order_model.unreadable.contains(id));
    }
    return {};
  });
}

Read read_stores(Databases& databases, Books& books) {
  return databases.read("stores", [&](UnitOfWork& unit, Transaction&) -> Read {
    auto stores = stores::agent::audit_stores(unit);
    if (!stores) return pass_on(stores);
    books.store_model = std::move(*stores);
    auto products = stores::agent::audit_products(unit);
    if (!products) return pass_on(products);
    books.product_model = std::move(*products);
    return {};
  });
}

Read read_baskets(Databases& databases, Books& books) {
  return databases.read("baskets", [&](UnitOfWork& unit, Transaction&) -> Read {
    auto read = baskets::agent::audit_baskets(unit);
    if (!read) return pass_on(read);
    books.baskets = std::move(read->checked_out);
    books.open_baskets = std::move(read->open);
    return {};
  });
}

Read read_users(Databases& databases, Books& books) {
  return databases.read("users", [&](UnitOfWork&, Transaction& transaction) -> Read {
    const auto rows = transaction.query("SELECT user_id FROM users");
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) books.users.insert(row.uuid(0));
    return {};
  });
}

Read read_streams(Databases& databases, Books& books) {
  for (const char* service : {"baskets", "ordering", "stores"}) {
    auto read = databases.read(service, [&](UnitOfWork&, Transaction& transaction) -> Read {
      const auto rows = transaction.query(
          "SELECT aggregate_kind, aggregate_id, min(version), max(version), count(*) FROM events GROUP BY 1, 2"
          " HAVING min(version) <> 1 OR max(version) <> count(*) ORDER BY 1, 2");
      if (!rows) return pass_on(rows);
      for (const auto row : *rows)
        books.gaps.push_back({service, std::string(row.text(0)), row.uuid(1), row.int64(2), row.int64(3), row.int64(4)});
      const auto count = transaction.query("SELECT count(DISTINCT (aggregate_kind, aggregate_id)) FROM events");
      if (!count) return pass_on(count);
      books.streams += static_cast<std::uint64_t>((*count)[0].int64(0));
      return {};
    });
    if (!read) return read;
  }
  return {};
}

}  // namespace mallctl::audit
