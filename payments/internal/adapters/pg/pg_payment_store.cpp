#include "payments/internal/adapters/pg/pg_payment_store.hpp"

#include "payments/internal/adapters/pg/status_words.hpp"
#include "pkg/postgres/transactor.hpp"

namespace payments::adapters::pg {
namespace {

using domain::Payment;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::array_text;
using pkg::postgres::Row;
using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;

constexpr std::string_view select_payment =
    "SELECT payment_id, version, status, user_id, currency, amount_minor, method, order_id, capture_minor, closed_orders, expires_at"
    " FROM payments WHERE payment_id = $1";
const RowStatement insert_payment(
    "payment_id uuid, status text, user_id uuid, currency text, amount_minor bigint, method text, order_id uuid, capture_minor bigint,"
    " closed_orders text, expires_at timestamptz",
    "INSERT INTO payments (payment_id, version, status, user_id, currency, amount_minor, method, order_id, capture_minor, closed_orders, expires_at)"
    " SELECT payment_id, 1, status, user_id, currency, amount_minor, method, order_id, capture_minor, closed_orders::uuid[], expires_at FROM $given");
// Only what changes after the authorization.
const RowStatement update_payment(
    "payment_id uuid, version bigint, status text, order_id uuid, capture_minor bigint, closed_orders text",
    "UPDATE payments SET version = payments.version + 1, status = given.status, order_id = given.order_id, capture_minor = given.capture_minor,"
    " closed_orders = given.closed_orders::uuid[] FROM $given"
    " WHERE payments.payment_id = given.payment_id AND payments.version = given.version");

Result<Payment> read_payment(const Row& row) {
  const auto status = payment_status_of(row.text(2));
  if (!status) return pass_on(status);
  const auto amount = money_of(row.text(4), row.int64(5));
  if (!amount) return pass_on(amount);
  Payment payment;
  payment.id = domain::PaymentId{row.uuid(0)};
  payment.version = static_cast<std::uint64_t>(row.int64(1));
  payment.status = *status;
  payment.user = domain::UserId{row.uuid(3)};
  payment.amount = *amount;
  payment.method = row.text(6);
  if (const auto order = row.maybe_uuid(7)) payment.order = domain::OrderId{*order};
  if (const auto minor = row.maybe_int64(8)) payment.capture = pkg::money::Money{amount->currency(), *minor};
  for (const auto& order : row.uuids(9)) payment.closed_orders.emplace_back(order);
  payment.expires_at = row.time(10);
  return payment;
}

}  // namespace

Result<Payment> PgPaymentStore::load(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) {
  const auto rows = transaction_of(unit).query(select_payment, {id});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return Payment{};
  return read_payment((*rows)[0]);
}

std::optional<Payment> PgPaymentStore::remembered(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) {
  return recent_.find(unit, id);
}

void PgPaymentStore::save(pkg::uow::UnitOfWork& unit, const Payment& payment) {
  Payment stored = payment;
  ++stored.version;
  recent_.write(unit, payment.id, std::move(stored));
  auto& tx = transaction_of(unit);
  std::optional<std::int64_t> capture;
  if (payment.capture) capture = payment.capture->minor_units();
  if (payment.version == 0) {
    tx.execute(insert_payment,
               {payment.id, to_word(payment.status), payment.user, payment.amount.currency().to_string(), payment.amount.minor_units(),
                payment.method, payment.order, capture, array_text(payment.closed_orders), payment.expires_at},
               pkg::postgres::on_violation("payments_pkey", pkg::postgres::contended()));
    return;
  }
  tx.execute(update_payment,
             {payment.id, payment.version, to_word(payment.status), payment.order, capture, array_text(payment.closed_orders)},
             pkg::postgres::expect_rows(1, pkg::postgres::contended()));
}

Result<std::vector<domain::PaymentId>> PgPaymentStore::expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now, int limit) {
  const auto rows =
      transaction_of(unit).query("SELECT payment_id FROM payments WHERE unused_until <= $1 ORDER BY unused_until LIMIT $2", {now, limit});
  if (!rows) return pass_on(rows);
  std::vector<domain::PaymentId> payments;
  for (const auto row : *rows) payments.emplace_back(row.uuid(0));
  return payments;
}

}  // namespace payments::adapters::pg
