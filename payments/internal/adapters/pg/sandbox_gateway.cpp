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
using pkg::postgres::RowStatement;
using pkg::postgres::transaction_of;

constexpr std::string_view approve = "sandbox:approve";
constexpr std::string_view decline = "sandbox:decline";
constexpr std::string_view capture_fails = "sandbox:capture-fails";
constexpr std::string_view flaky = "sandbox:flaky";

constexpr std::string_view unavailable = "unavailable";
constexpr std::string_view declined = "declined";

// Requests about one payment wait for one another, so that it is either captured or released. A statement of its own, so that the next
// one's snapshot is younger than the lock; in order, so that two processes with the same payments wait for one another in one direction
// only.
const RowStatement wait_for_turn("payment_id uuid",
                                 "SELECT pg_advisory_xact_lock(hashtextextended(payment_id::text, 0)) FROM $given ORDER BY payment_id");

/// What all requests have in common: the books give the answer of the first time, else they decide, and the request stands there with it.
/// `asked` is how often this key was, with now, and what was decided; `held` what is held for the payment, neither taken nor given back. An
/// amount and its currency are given where one is named, the method by a hold.
RowStatement books_for(const std::string& operation, const std::string& decision) {
  return {"payment_id uuid, key text, amount_minor bigint, currency text, flaky_failures bigint, method text",
          "INSERT INTO sandbox_ledger (key, payment_id, operation, method, currency, amount_minor, outcome, attempts)"
          " SELECT given.key, given.payment_id, '" +
              operation + "', given.method, given.currency, given.amount_minor, coalesce(asked.answer, CASE " + decision +
              " END), asked.attempts FROM $given,"
              " LATERAL (SELECT coalesce(max(attempts), 0) + 1 AS attempts,"
              " max(outcome) FILTER (WHERE outcome IN ('declined', 'done', 'nothing')) AS answer"
              " FROM sandbox_ledger s WHERE s.key = given.key) asked"
              " LEFT JOIN LATERAL (SELECT method, currency, amount_minor FROM sandbox_ledger h"
              " WHERE h.payment_id = given.payment_id AND h.operation = 'authorize' AND h.outcome = 'done' AND NOT EXISTS (SELECT"
              " FROM sandbox_ledger e WHERE e.payment_id = given.payment_id AND e.operation <> 'authorize' AND e.outcome = 'done') LIMIT 1)"
              " held ON true ORDER BY given.place"
              " ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome, attempts = excluded.attempts RETURNING outcome"};
}

const RowStatement authorize_books =
    books_for("authorize",
              "WHEN given.method = 'sandbox:flaky' AND attempts <= flaky_failures THEN 'unavailable'"
              " WHEN given.method = 'sandbox:decline'"
              " OR EXISTS (SELECT FROM sandbox_ledger r WHERE r.payment_id = given.payment_id AND operation = 'release') THEN 'declined'"
              " ELSE 'done'");
const RowStatement capture_books =
    books_for("capture",
              "WHEN held.method IS NULL OR held.method = 'sandbox:capture-fails' OR held.currency <> given.currency"
              " OR held.amount_minor < given.amount_minor THEN 'declined'"
              " WHEN held.method = 'sandbox:flaky' AND attempts <= flaky_failures THEN 'unavailable' ELSE 'done'");
const RowStatement release_books =
    books_for("release",
              "WHEN held.method IS NULL THEN 'nothing'"
              " WHEN held.method = 'sandbox:flaky' AND attempts <= flaky_failures THEN 'unavailable' ELSE 'done'");

struct Request {
  const std::string& key;
  const domain::PaymentId& payment;
  std::optional<Money> amount = {};
  std::optional<std::string> method = {};
};

/// In one round trip, so that requests that come at the same time share their commits and statements.
PaymentGateway::Answer answer(pkg::uow::Transactor& books, const RowStatement& decide, const Request& request, int flaky_failures) {
  std::optional<std::int64_t> minor;
  std::optional<std::string> currency;
  if (request.amount) {
    minor = request.amount->minor_units();
    currency = request.amount->currency().to_string();
  }
  std::string outcome;
  const auto written = books.run({}, [&](pkg::uow::UnitOfWork& unit) -> Result<> {
    auto& tx = transaction_of(unit);
    tx.execute(wait_for_turn, {request.payment});
    tx.execute(decide, {request.payment, request.key, minor, currency, flaky_failures, request.method},
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
  return answer(books_, authorize_books, {.key = key, .payment = hold.payment, .amount = hold.amount, .method = hold.method},
                flaky_failures_);
}

SandboxGateway::Answer SandboxGateway::capture(const std::string& key, const domain::PaymentId& payment, const Money& amount) {
  return answer(books_, capture_books, {.key = key, .payment = payment, .amount = amount}, flaky_failures_);
}

SandboxGateway::Answer SandboxGateway::release(const std::string& key, const domain::PaymentId& payment) {
  return answer(books_, release_books, {.key = key, .payment = payment}, flaky_failures_);
}

}  // namespace payments::adapters::pg
