// What follows an order: the depot's work, sagas, search, notifications.

#include "depot/internal/agent/audit.hpp"
#include "mallctl/audit/reading.hpp"
#include "pkg/postgres/transactor.hpp"
#include "search/internal/agent/audit.hpp"

namespace mallctl::audit {

using pkg::errors::pass_on;
using pkg::postgres::Transaction;
using pkg::uow::UnitOfWork;

Read read_shopping(Databases& databases, Books& books) {
  return databases.read("depot", [&](UnitOfWork& unit, Transaction& transaction) -> Read {
    const auto pieces = depot::agent::audit_lists(unit);
    if (!pieces) return pass_on(pieces);
    const auto lists = transaction.query("SELECT order_id, shopping_list_id, status, bot_id FROM shopping_lists");
    if (!lists) return pass_on(lists);
    for (const auto row : *lists)
      books.lists[row.uuid(0)] = {row.uuid(1), std::string(row.text(2)), row.maybe_uuid(3), pieces->at(row.uuid(1))};
    const auto bots = transaction.query("SELECT bot_id, status, shopping_list_id FROM bots");
    if (!bots) return pass_on(bots);
    for (const auto row : *bots) books.bots[row.uuid(0)] = {std::string(row.text(1)), row.maybe_uuid(2)};
    return {};
  });
}

Read read_sagas(Databases& databases, Books& books) {
  return databases.read("cosec", [&](UnitOfWork&, Transaction& transaction) -> Read {
    const auto rows = transaction.query(
        "SELECT saga_id::uuid, status, changed_at, alert, coalesce('step ' || out_step || ', ' || out_direction, 'no step out')"
        " FROM sagas WHERE saga_name = 'CreateOrder'");
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) {
      books.sagas[row.uuid(0)] = {
          .status = std::string(row.text(1)), .changed_at = row.time(2), .alert = row.boolean(3), .step = std::string(row.text(4))};
    }
    return {};
  });
}

Read read_search(Databases& databases, Books& books) {
  return databases.read("search", [&](UnitOfWork& unit, Transaction& transaction) -> Read {
    const auto items = search::agent::audit_items(unit);
    if (!items) return pass_on(items);
    const auto rows = transaction.query(
        "SELECT order_id, created_at IS NOT NULL, lower(status), user_id, coalesce(currency, ''), coalesce(total_minor, 0) FROM orders");
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) {
      books.search[row.uuid(0)] = {.has_contents = row.boolean(1),
                                   .status = std::string(row.text(2)),
                                   .user = row.maybe_uuid(3),
                                   .currency = std::string(row.text(4)),
                                   .total_minor = row.int64(5),
                                   .items = items->at(row.uuid(0))};
    }
    return {};
  });
}

Read read_notifications(Databases& databases, Books& books) {
  return databases.read("notifications", [&](UnitOfWork&, Transaction& transaction) -> Read {
    const auto rows = transaction.query(
        "SELECT user_id, kind, order_id, count(*) FROM notifications WHERE order_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 3, 2, 1");
    if (!rows) return pass_on(rows);
    for (const auto row : *rows) books.notifications.push_back({row.uuid(0), std::string(row.text(1)), row.maybe_uuid(2), row.int64(3)});
    return {};
  });
}

}  // namespace mallctl::audit
