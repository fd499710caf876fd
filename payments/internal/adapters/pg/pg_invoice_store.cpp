#include "payments/internal/adapters/pg/pg_invoice_store.hpp"

#include "payments/internal/adapters/pg/status_words.hpp"
#include "pkg/postgres/transactor.hpp"

namespace payments::adapters::pg {
namespace {

using domain::Invoice;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::contended;
using pkg::postgres::Row;
using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;

constexpr std::string_view select_one =
    "SELECT invoice_id, version, status, order_id, user_id, payment_id, currency, amount_minor, created_at FROM invoices WHERE invoice_id = $1";
constexpr std::string_view select_page =
    "SELECT invoice_id, version, status, order_id, user_id, payment_id, currency, amount_minor, created_at FROM invoices"
    " WHERE ($1::timestamptz IS NULL OR (created_at, invoice_id) < ($1, $2))";
const RowStatement insert_invoice(
    "invoice_id uuid, status text, order_id uuid, user_id uuid, payment_id uuid, currency text, amount_minor bigint, created_at timestamptz",
    "INSERT INTO invoices (invoice_id, version, status, order_id, user_id, payment_id, currency, amount_minor, created_at)"
    " SELECT invoice_id, 1, status, order_id, user_id, payment_id, currency, amount_minor, created_at FROM $given");
// Only what changes once it is made.
const RowStatement update_invoice(
    "invoice_id uuid, version bigint, status text, amount_minor bigint",
    "UPDATE invoices SET version = invoices.version + 1, status = given.status, amount_minor = given.amount_minor FROM $given"
    " WHERE invoices.invoice_id = given.invoice_id AND invoices.version = given.version");

Result<Invoice> read_invoice(const Row& row) {
  const auto status = invoice_status_of(row.text(2));
  if (!status) return pass_on(status);
  const auto amount = money_of(row.text(6), row.int64(7));
  if (!amount) return pass_on(amount);
  Invoice invoice;
  invoice.id = domain::InvoiceId{row.uuid(0)};
  invoice.version = static_cast<std::uint64_t>(row.int64(1));
  invoice.status = *status;
  invoice.order = domain::OrderId{row.uuid(3)};
  invoice.user = domain::UserId{row.uuid(4)};
  invoice.payment = domain::PaymentId{row.uuid(5)};
  invoice.amount = *amount;
  invoice.created_at = row.time(8);
  return invoice;
}

}  // namespace

Result<Invoice> PgInvoiceStore::load(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) {
  const auto rows = transaction_of(unit).query(select_one, {id});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return Invoice{};
  return read_invoice((*rows)[0]);
}

std::optional<Invoice> PgInvoiceStore::remembered(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) {
  return recent_.find(unit, id);
}

void PgInvoiceStore::save(pkg::uow::UnitOfWork& unit, const Invoice& invoice) {
  Invoice stored = invoice;
  ++stored.version;
  orders_.write(unit, invoice.order, {stored.version});
  recent_.write(unit, invoice.id, std::move(stored));
  auto& tx = transaction_of(unit);
  if (invoice.version == 0) {
    auto unique = pkg::postgres::on_violation("invoices_one_per_order", contended()).violation("invoices_pkey", contended());
    tx.execute(insert_invoice,
               {invoice.id, to_word(invoice.status), invoice.order, invoice.user, invoice.payment, invoice.amount.currency().to_string(),
                invoice.amount.minor_units(), invoice.created_at},
               std::move(unique));
    return;
  }
  tx.execute(update_invoice, {invoice.id, invoice.version, to_word(invoice.status), invoice.amount.minor_units()},
             pkg::postgres::expect_rows(1, contended()));
}

Result<bool> PgInvoiceStore::exists_for(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) {
  if (orders_.find(unit, order)) return true;
  if (!orders_.is_in_doubt(order)) return false;
  orders_.settle_doubt(order);
  const auto rows = transaction_of(unit).query("SELECT 1 FROM invoices WHERE order_id = $1", {order});
  if (!rows) return pass_on(rows);
  return !rows->empty();
}

Result<pkg::paging::Slice<Invoice>> PgInvoiceStore::list(pkg::uow::UnitOfWork& unit, const app::InvoiceFilter& filter,
                                                         const pkg::paging::Page& page) {
  std::optional<pkg::clock::TimePoint> before_time;
  std::optional<pkg::ids::Uuid> before_id;
  if (!page.after.empty()) {
    const auto position = pkg::paging::read_time_and_id(page.after);
    if (!position) return pass_on(position);
    before_time = position->time;
    before_id = position->id;
  }
  // A condition stands there only where it is used, so that each shape of the question has its own plan.
  std::string sql(select_page);
  pkg::postgres::Params params{before_time, before_id, page.size + 1};
  if (filter.user) {
    params.emplace_back(*filter.user);
    sql += " AND user_id = $" + std::to_string(params.size());
  }
  if (filter.order) {
    params.emplace_back(*filter.order);
    sql += " AND order_id = $" + std::to_string(params.size());
  }
  sql += " ORDER BY created_at DESC, invoice_id DESC LIMIT $3";
  const auto rows = transaction_of(unit).query(sql, std::move(params));
  if (!rows) return pass_on(rows);
  std::vector<Invoice> invoices;
  for (const auto row : *rows) {
    auto invoice = read_invoice(row);
    if (!invoice) return pass_on(invoice);
    invoices.push_back(std::move(*invoice));
  }
  return pkg::paging::cut(std::move(invoices), page.size,
                          [](const Invoice& invoice) { return pkg::paging::time_and_id(invoice.created_at, invoice.id.value()); });
}

}  // namespace payments::adapters::pg
