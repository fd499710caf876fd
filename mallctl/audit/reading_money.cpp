#include "mallctl/audit/reading.hpp"
#include "pkg/postgres/transactor.hpp"

namespace mallctl::audit {
namespace {

using pkg::errors::pass_on;
using pkg::postgres::Transaction;
using pkg::uow::UnitOfWork;

Read read_payment_rows(Transaction& transaction, Books& books) {
  const auto rows = transaction.query(
      "SELECT payment_id, status, user_id, currency, amount_minor, order_id, capture_minor,"
      " EXISTS (SELECT FROM gateway_tasks t WHERE t.payment_id = p.payment_id AND operation = 'release') FROM payments p");
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    books.payments[row.uuid(0)] = {.status = std::string(row.text(1)),
                                   .user = row.uuid(2),
                                   .currency = std::string(row.text(3)),
                                   .amount_minor = row.int64(4),
                                   .order = row.maybe_uuid(5),
                                   .capture_minor = row.maybe_int64(6),
                                   .has_release_task = row.boolean(7)};
  }
  return {};
}

Read read_invoice_rows(Transaction& transaction, Books& books) {
  const auto rows = transaction.query(
      "SELECT invoice_id, order_id, status, version, user_id, payment_id, currency, amount_minor, created_at FROM invoices");
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    books.invoices[row.uuid(0)] = {.order = row.uuid(1),
                                   .status = std::string(row.text(2)),
                                   .version = row.int64(3),
                                   .user = row.uuid(4),
                                   .payment = row.uuid(5),
                                   .currency = std::string(row.text(6)),
                                   .amount_minor = row.int64(7),
                                   .created_at = row.time(8)};
  }
  return {};
}

Read read_gateway(Transaction& transaction, Books& books) {
  const auto rows = transaction.query(
      "SELECT payment_id, count(*) FILTER (WHERE operation = 'authorize' AND outcome = 'done'),"
      " coalesce(max(currency) FILTER (WHERE operation = 'authorize' AND outcome = 'done'), ''),"
      " coalesce(max(amount_minor) FILTER (WHERE operation = 'authorize' AND outcome = 'done'), 0),"
      " count(*) FILTER (WHERE operation = 'capture' AND outcome = 'done'),"
      " coalesce((sum(amount_minor) FILTER (WHERE operation = 'capture' AND outcome = 'done'))::bigint, 0),"
      " coalesce(bool_or(operation = 'release' AND outcome = 'done'), false), coalesce(bool_or(operation = 'release'), false)"
      " FROM sandbox_ledger GROUP BY payment_id");
  if (!rows) return pass_on(rows);
  for (const auto row : *rows) {
    books.ledger[row.uuid(0)] = {.authorizations = row.int64(1),
                                 .currency = std::string(row.text(2)),
                                 .authorized_minor = row.int64(3),
                                 .captures = row.int64(4),
                                 .captured_minor = row.int64(5),
                                 .gave_back = row.boolean(6),
                                 .asked_release = row.boolean(7)};
  }
  const auto tasks = transaction.query("SELECT payment_id, operation, due_at FROM gateway_tasks ORDER BY key");
  if (!tasks) return pass_on(tasks);
  for (const auto row : *tasks) books.gateway_tasks.push_back({row.uuid(0), std::string(row.text(1)), row.time(2)});
  return {};
}

}  // namespace

Read read_payments(Databases& databases, Books& books) {
  return databases.read("payments", [&](UnitOfWork&, Transaction& transaction) -> Read {
    if (auto read = read_payment_rows(transaction, books); !read) return read;
    if (auto read = read_invoice_rows(transaction, books); !read) return read;
    return read_gateway(transaction, books);
  });
}

Read read_stock(Databases& databases, Books& books) {
  return databases.read("stores", [&](UnitOfWork&, Transaction& transaction) -> Read {
    const auto levels = transaction.query(
        "SELECT s.product_id, on_hand, reserved, received,"
        " coalesce((sum(quantity) FILTER (WHERE status = 'reserved'))::bigint, 0),"
        " coalesce((sum(quantity) FILTER (WHERE status = 'committed'))::bigint, 0)"
        " FROM product_stock s LEFT JOIN (reservation_lines JOIN reservations USING (order_id)) USING (product_id) GROUP BY s.product_id");
    if (!levels) return pass_on(levels);
    for (const auto row : *levels) {
      books.stock[row.uuid(0)] = {.on_hand = row.maybe_int64(1),
                                  .reserved = row.int64(2),
                                  .received = row.maybe_int64(3),
                                  .in_reservations = row.int64(4),
                                  .in_committed = row.int64(5)};
    }
    const auto reservations = transaction.query(
        "SELECT order_id, status, coalesce((SELECT string_agg(format('%s x%s', product_id, quantity), '; ' ORDER BY product_id)"
        " FROM reservation_lines l WHERE l.order_id = r.order_id), '') FROM reservations r");
    if (!reservations) return pass_on(reservations);
    for (const auto row : *reservations) books.reservations[row.uuid(0)] = {std::string(row.text(1)), std::string(row.text(2))};
    return {};
  });
}

}  // namespace mallctl::audit
