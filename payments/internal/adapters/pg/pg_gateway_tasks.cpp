#include "payments/internal/adapters/pg/pg_gateway_tasks.hpp"

#include <utility>

#include "payments/internal/adapters/pg/status_words.hpp"
#include "pkg/postgres/transactor.hpp"

namespace payments::adapters::pg {
namespace {

using app::GatewayOperation;
using app::GatewayTask;
using pkg::errors::ErrorKind;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::postgres::Row;
using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;

const RowStatement insert_task(
    "key text, payment_id uuid, operation text, invoice_id uuid, currency text, amount_minor bigint, due_at timestamptz, correlation_id text,"
    " causation_id text, traceparent text",
    "INSERT INTO gateway_tasks (key, payment_id, operation, invoice_id, currency, amount_minor, due_at, correlation_id, causation_id, traceparent)"
    " SELECT * FROM $given ON CONFLICT (key) DO NOTHING");
constexpr std::string_view select_capture =
    "SELECT key, payment_id, operation, invoice_id, currency, amount_minor, due_at, attempts, correlation_id, causation_id, traceparent"
    " FROM gateway_tasks WHERE operation = 'capture' AND invoice_id = $1";
// Replicas take different tasks: what one has locked the other passes over. In sub-selects PostgreSQL does not look at the time and the
// number, which would make it plan this anew each time.
constexpr std::string_view claim_tasks =
    "UPDATE gateway_tasks t SET due_at = $2, attempts = attempts + 1"
    " FROM (SELECT key FROM gateway_tasks WHERE due_at <= (SELECT $1::timestamptz) ORDER BY due_at LIMIT (SELECT $3::bigint) FOR UPDATE SKIP LOCKED) due"
    " WHERE t.key = due.key"
    " RETURNING t.key, payment_id, operation, invoice_id, currency, amount_minor, due_at, attempts, correlation_id, causation_id, traceparent";

const RowStatement delete_task("key text", "DELETE FROM gateway_tasks USING $given WHERE gateway_tasks.key = given.key");
const RowStatement delete_task_not_begun("key text",
                                         "DELETE FROM gateway_tasks USING $given WHERE gateway_tasks.key = given.key AND attempts = 0");
const RowStatement finish_task("key text", "DELETE FROM gateway_tasks USING $given WHERE gateway_tasks.key = given.key");

std::string_view to_word(GatewayOperation operation) {
  switch (operation) {
    case GatewayOperation::capture: return "capture";
    case GatewayOperation::release: return "release";
  }
  std::unreachable();
}

Result<GatewayTask> read_task(const Row& row) {
  GatewayTask task;
  task.key = row.text(0);
  task.payment = domain::PaymentId{row.uuid(1)};
  task.operation = row.text(2) == to_word(GatewayOperation::capture) ? GatewayOperation::capture : GatewayOperation::release;
  if (const auto invoice = row.maybe_uuid(3)) task.invoice = domain::InvoiceId{*invoice};
  if (const auto minor = row.maybe_int64(5)) {
    const auto amount = money_of(row.text(4), *minor);
    if (!amount) return pass_on(amount);
    task.amount = *amount;
  }
  if (task.operation == GatewayOperation::capture && (!task.invoice || !task.amount)) {
    return pkg::errors::fail(ErrorKind::internal, "unreadable_row", "A stored capture lacks its invoice or amount.");
  }
  task.due_at = row.time(6);
  task.attempts = static_cast<int>(row.int64(7));
  task.cause = {std::string(row.text(8)), std::string(row.text(9)), std::string(row.text(10))};
  return task;
}

}  // namespace

void PgGatewayTasks::add(pkg::uow::UnitOfWork& unit, const GatewayTask& task) {
  std::optional<std::string> currency;
  std::optional<std::int64_t> minor;
  if (task.amount) {
    currency = task.amount->currency().to_string();
    minor = task.amount->minor_units();
  }
  const auto& cause = unit.cause();
  auto& tx = transaction_of(unit);
  tx.execute(insert_task, {task.key, task.payment, to_word(task.operation), task.invoice, currency, minor, task.due_at,
                           cause.correlation_id, cause.causation_id, cause.traceparent});
  look_again_after(unit, task.due_at);
}

void PgGatewayTasks::look_again_after(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint due) const {
  transaction_of(unit).after_commit([this, due] { look_again_(due); });
}

void PgGatewayTasks::remove(pkg::uow::UnitOfWork& unit, const std::string& key) { transaction_of(unit).execute(delete_task, {key}); }

void PgGatewayTasks::finish(pkg::uow::UnitOfWork& unit, const std::string& key) {
  transaction_of(unit).execute(finish_task, {key}, pkg::postgres::expect_rows(1, pkg::postgres::contended()));
}

void PgGatewayTasks::take_back(pkg::uow::UnitOfWork& unit, const std::string& key) {
  transaction_of(unit).execute(delete_task_not_begun, {key}, pkg::postgres::expect_rows(1, app::task_begun()));
}

void PgGatewayTasks::postpone(pkg::uow::UnitOfWork& unit, const std::string& key, pkg::clock::TimePoint due_at) {
  transaction_of(unit).execute("UPDATE gateway_tasks SET due_at = $2 WHERE key = $1", {key, due_at});
  look_again_after(unit, due_at);
}

Result<std::optional<GatewayTask>> PgGatewayTasks::capture_of(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& invoice) {
  const auto rows = transaction_of(unit).query(select_capture, {invoice});
  if (!rows) return pass_on(rows);
  if (rows->empty()) return std::optional<GatewayTask>{};
  auto task = read_task((*rows)[0]);
  if (!task) return pass_on(task);
  return std::optional(std::move(*task));
}

Result<std::vector<GatewayTask>> PgGatewayTasks::claim(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now, pkg::clock::TimePoint until,
                                                       int limit) {
  const auto rows = transaction_of(unit).query(claim_tasks, {now, until, limit});
  if (!rows) return pass_on(rows);
  std::vector<GatewayTask> tasks;
  for (const auto row : *rows) {
    auto task = read_task(row);
    if (!task) return pass_on(task);
    tasks.push_back(std::move(*task));
  }
  return tasks;
}

Result<std::optional<pkg::clock::TimePoint>> PgGatewayTasks::next_due(pkg::uow::UnitOfWork& unit) {
  const auto rows = transaction_of(unit).query("SELECT min(due_at) FROM gateway_tasks");
  if (!rows) return pass_on(rows);
  return (*rows)[0].maybe_time(0);
}

}  // namespace payments::adapters::pg
