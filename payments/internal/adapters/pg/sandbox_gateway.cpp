#include "payments/internal/adapters/pg/sandbox_gateway.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace payments::adapters::pg {
namespace {

using app::GatewayFailure;
using app::PaymentGateway;
using pkg::errors::Result;
using pkg::money::Money;
using pkg::postgres::transaction_of;

constexpr std::string_view approve = "sandbox:approve";
constexpr std::string_view decline = "sandbox:decline";
constexpr std::string_view capture_fails = "sandbox:capture-fails";
constexpr std::string_view flaky = "sandbox:flaky";

constexpr std::string_view unavailable = "unavailable";
constexpr std::string_view declined = "declined";

/// What all requests have in common: the books give the answer of the first time, else they decide, and the request stands there with it.
/// `asked` is how often this key was, with now, and what was decided; `held` what is held for the payment, neither taken nor given back.
/// $1 key, $2 payment, $3 amount and $4 currency where one is named, $5 how often sandbox:flaky is unavailable, $6 the method of a hold.
std::string books_for(const std::string& operation, const std::string& decision) {
  return "WITH asked AS (SELECT coalesce(max(attempts), 0) + 1 AS attempts,"
         " max(outcome) FILTER (WHERE outcome IN ('declined', 'done', 'nothing')) AS answer FROM sandbox_ledger WHERE key = $1),"
         " held AS (SELECT method, currency, amount_minor FROM sandbox_ledger h"
         " WHERE payment_id = $2 AND operation = 'authorize' AND outcome = 'done'"
         " AND NOT EXISTS (SELECT FROM sandbox_ledger e WHERE e.payment_id = $2 AND e.operation <> 'authorize' AND e.outcome = 'done') LIMIT 1)"
         " INSERT INTO sandbox_ledger (key, payment_id, operation, method, currency, amount_minor, outcome, attempts)"
         " SELECT $1, $2, '" +
         operation + "', $6::text, $4::text, $3::bigint, coalesce(answer, CASE " + decision +
         " END), attempts"
         " FROM asked LEFT JOIN held ON true"
         " ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome, attempts = excluded.attempts RETURNING outcome";
}

const std::string authorize_sql = books_for(
    "authorize",
    "WHEN $6 = 'sandbox:flaky' AND attempts <= $5 THEN 'unavailable'"
    " WHEN $6 = 'sandbox:decline' OR EXISTS (SELECT FROM sandbox_ledger WHERE payment_id = $2 AND operation = 'release') THEN 'declined'"
    " ELSE 'done'");
const std::string capture_sql = books_for(
    "capture",
    "WHEN held.method IS NULL OR held.method = 'sandbox:capture-fails' OR held.currency <> $4 OR held.amount_minor < $3 THEN 'declined'"
    " WHEN held.method = 'sandbox:flaky' AND attempts <= $5 THEN 'unavailable' ELSE 'done'");
const std::string release_sql = books_for("release",
                                          "WHEN held.method IS NULL THEN 'nothing'"
                                          " WHEN held.method = 'sandbox:flaky' AND attempts <= $5 THEN 'unavailable' ELSE 'done'");

struct Request {
  const std::string& key;
  const domain::PaymentId& payment;
  std::optional<Money> amount = {};
  std::optional<std::string> method = {};
};

/// In one round trip, so that requests that come at the same time share their commits.
PaymentGateway::Answer answer(pkg::uow::Transactor& books, const std::string& sql, const Request& request, int flaky_failures) {
  std::optional<std::int64_t> minor;
  std::optional<std::string> currency;
  if (request.amount) {
    minor = request.amount->minor_units();
    currency = request.amount->currency().to_string();
  }
  std::string outcome;
  const auto written = books.run({}, [&](pkg::uow::UnitOfWork& unit) -> Result<> {
    auto& tx = transaction_of(unit);
    // Requests about one payment wait for one another, so that it is either captured or released.
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", {request.payment.to_string()});
    tx.execute(sql, {request.key, request.payment, minor, currency, flaky_failures, request.method},
               std::move(pkg::postgres::Expect().shown([&](const pkg::postgres::Rows& rows) { outcome = rows[0].text(0); })));
    return {};
  });
  if (!written || outcome == unavailable) return std::unexpected(GatewayFailure::unavailable);
  if (outcome == declined) return std::unexpected(GatewayFailure::declined);
  return {};
}

}  // namespace

SandboxGateway::Answer SandboxGateway::authorize(const std::string& key, const Hold& hold) {
  if (hold.method != approve && hold.method != decline && hold.method != capture_fails && hold.method != flaky) {
    return std::unexpected(GatewayFailure::unknown_method);
  }
  return answer(books_, authorize_sql, {.key = key, .payment = hold.payment, .amount = hold.amount, .method = hold.method},
                flaky_failures_);
}

SandboxGateway::Answer SandboxGateway::capture(const std::string& key, const domain::PaymentId& payment, const Money& amount) {
  return answer(books_, capture_sql, {.key = key, .payment = payment, .amount = amount}, flaky_failures_);
}

SandboxGateway::Answer SandboxGateway::release(const std::string& key, const domain::PaymentId& payment) {
  return answer(books_, release_sql, {.key = key, .payment = payment}, flaky_failures_);
}

}  // namespace payments::adapters::pg
