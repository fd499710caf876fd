#include "payments/internal/adapters/pg/sandbox_gateway.hpp"

#include <optional>
#include <string_view>

#include "payments/internal/adapters/pg/status_words.hpp"

namespace payments::adapters::pg {
namespace {

using app::GatewayFailure;
using app::PaymentGateway;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::money::Money;
using pkg::postgres::Transaction;
using pkg::postgres::transaction_of;

constexpr std::string_view approve = "sandbox:approve";
constexpr std::string_view decline = "sandbox:decline";
constexpr std::string_view capture_fails = "sandbox:capture-fails";
constexpr std::string_view flaky = "sandbox:flaky";

constexpr std::string_view unavailable = "unavailable";
constexpr std::string_view declined = "declined";
constexpr std::string_view done = "done";
constexpr std::string_view nothing = "nothing";

/// One request as it stands in the books.
struct Entry {
  std::string outcome;
  std::int64_t attempts = 0;
  bool is_decided() const { return outcome == declined || outcome == done || outcome == nothing; }
};

/// Writes the request down, or counts it once more.
Result<Entry> note(Transaction& tx, const std::string& key, const domain::PaymentId& payment, std::string_view operation,
                   const std::optional<std::string>& method, const std::optional<Money>& amount) {
  std::optional<std::string> currency;
  std::optional<std::int64_t> minor;
  if (amount) {
    currency = amount->currency().to_string();
    minor = amount->minor_units();
  }
  const auto rows = tx.query(
      "INSERT INTO sandbox_ledger AS l (key, payment_id, operation, method, currency, amount_minor, outcome, attempts)"
      " VALUES ($1, $2, $3, $4, $5, $6, 'asked', 1) ON CONFLICT (key) DO UPDATE SET attempts = l.attempts + 1 RETURNING outcome, attempts",
      {key, payment, operation, method, currency, minor});
  if (!rows) return pass_on(rows);
  return Entry{std::string((*rows)[0].text(0)), (*rows)[0].int64(1)};
}

struct Held {
  std::string method;
  Money amount;
  bool open = false;  ///< neither taken nor given back
};

/// What is held for the payment.
Result<std::optional<Held>> held_for(Transaction& tx, const domain::PaymentId& payment) {
  const auto authorized = tx.query(
      "SELECT method, currency, amount_minor FROM sandbox_ledger WHERE payment_id = $1 AND operation = 'authorize' AND outcome = 'done'",
      {payment});
  if (!authorized) return pass_on(authorized);
  if (authorized->empty()) return std::optional<Held>{};
  const auto amount = money_of((*authorized)[0].text(1), (*authorized)[0].int64(2));
  if (!amount) return pass_on(amount);
  const auto ended =
      tx.query("SELECT 1 FROM sandbox_ledger WHERE payment_id = $1 AND operation <> 'authorize' AND outcome = 'done'", {payment});
  if (!ended) return pass_on(ended);
  return std::optional(Held{std::string((*authorized)[0].text(0)), *amount, ended->empty()});
}

Result<bool> was_released(Transaction& tx, const domain::PaymentId& payment) {
  const auto rows = tx.query("SELECT 1 FROM sandbox_ledger WHERE payment_id = $1 AND operation = 'release'", {payment});
  if (!rows) return pass_on(rows);
  return !rows->empty();
}

PaymentGateway::Answer answer_of(const Result<std::string>& outcome) {
  if (!outcome || *outcome == unavailable) return std::unexpected(GatewayFailure::unavailable);
  if (*outcome == declined) return std::unexpected(GatewayFailure::declined);
  return {};
}

/// `decide(transaction, attempts) -> Result<std::string_view>`: the outcome, where there is none yet.
template <class Decide>
PaymentGateway::Answer answer(pkg::uow::Transactor& books, const std::string& key, const domain::PaymentId& payment,
                              std::string_view operation, const std::optional<std::string>& method, const std::optional<Money>& amount,
                              Decide decide) {
  return answer_of(books.run_for({}, [&](pkg::uow::UnitOfWork& unit) -> Result<std::string> {
    auto& tx = transaction_of(unit);
    tx.begin();
    // Requests about one payment wait for one another, so that it is either captured or released.
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", {payment.to_string()});
    const auto entry = note(tx, key, payment, operation, method, amount);
    if (!entry) return pass_on(entry);
    if (entry->is_decided()) return entry->outcome;
    const Result<std::string_view> outcome = decide(tx, entry->attempts);
    if (!outcome) return pass_on(outcome);
    tx.execute("UPDATE sandbox_ledger SET outcome = $2 WHERE key = $1", {key, *outcome});
    return std::string(*outcome);
  }));
}

}  // namespace

SandboxGateway::Answer SandboxGateway::authorize(const std::string& key, const Hold& hold) {
  if (hold.method != approve && hold.method != decline && hold.method != capture_fails && hold.method != flaky) {
    return std::unexpected(GatewayFailure::unknown_method);
  }
  return answer(books_, key, hold.payment, "authorize", hold.method, hold.amount,
                [&](Transaction& tx, std::int64_t attempts) -> Result<std::string_view> {
                  if (hold.method == flaky && attempts <= flaky_failures_) return unavailable;
                  const auto released = was_released(tx, hold.payment);
                  if (!released) return pass_on(released);
                  return hold.method == decline || *released ? declined : done;
                });
}

SandboxGateway::Answer SandboxGateway::capture(const std::string& key, const domain::PaymentId& payment, const Money& amount) {
  return answer(books_, key, payment, "capture", {}, amount, [&](Transaction& tx, std::int64_t attempts) -> Result<std::string_view> {
    const auto held = held_for(tx, payment);
    if (!held) return pass_on(held);
    if (!*held || !(*held)->open || (*held)->method == capture_fails) return declined;
    if ((*held)->amount.currency() != amount.currency() || (*held)->amount.minor_units() < amount.minor_units()) return declined;
    return (*held)->method == flaky && attempts <= flaky_failures_ ? unavailable : done;
  });
}

SandboxGateway::Answer SandboxGateway::release(const std::string& key, const domain::PaymentId& payment) {
  return answer(books_, key, payment, "release", {}, {}, [&](Transaction& tx, std::int64_t attempts) -> Result<std::string_view> {
    const auto held = held_for(tx, payment);
    if (!held) return pass_on(held);
    if (!*held || !(*held)->open) return nothing;
    return (*held)->method == flaky && attempts <= flaky_failures_ ? unavailable : done;
  });
}

}  // namespace payments::adapters::pg
