#include "payments/internal/app/gateway_work.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "payments/internal/app/gateway_keys.hpp"

namespace payments::app {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::uow::Cause;
using pkg::uow::UnitOfWork;
using namespace std::chrono_literals;

namespace {

domain::PaymentChange after_capture(const domain::Payment& payment, bool done) {
  return done ? domain::capture_done(payment) : domain::capture_refused(payment);
}
domain::InvoiceChange after_capture(const domain::Invoice& invoice, bool done) {
  return done ? domain::payment_done(invoice) : domain::payment_refused(invoice);
}

}  // namespace

pkg::clock::Duration wait_after(int attempts) {
  constexpr int doublings = 9;
  return std::min<pkg::clock::Duration>(200ms * (1 << std::clamp(attempts - 1, 0, doublings)), 1min);
}

Result<> GatewayWork::perform(const Cause& cause, const GatewayTask& task) const {
  switch (task.operation) {
    case GatewayOperation::capture: return capture(cause, task);
    case GatewayOperation::release: return release(cause, task);
  }
  std::unreachable();
}

Result<GatewayWork::Round> GatewayWork::perform_due(int limit, const Spread& spread) const {
  const auto now = payments_.now();
  const auto claimed = transactor_.run_for({}, [&](UnitOfWork& unit) { return tasks_.claim(unit, now, now + task_lease, limit); });
  if (!claimed) return pass_on(claimed);
  // A refusal is recorded, and a gateway that is away is asked again; what is left is that nothing can be recorded now, and ends the round.
  const auto ends_the_round = [](const Result<>& done) {
    return !done && done.error().code != "capture_failed" && done.error().code != "gateway_unavailable";
  };
  std::vector<Result<>> results(claimed->size());
  std::atomic<bool> is_over = false;
  spread(claimed->size(), [&](std::size_t i) {
    if (is_over) return;
    results[i] = perform((*claimed)[i].cause, (*claimed)[i]);
    if (ends_the_round(results[i])) is_over = true;
  });
  if (const auto failed = std::ranges::find_if(results, ends_the_round); failed != results.end()) return pass_on(*failed);
  const auto next = transactor_.run_for({}, [&](UnitOfWork& unit) { return tasks_.next_due(unit); });
  if (!next) return pass_on(next);
  return Round{static_cast<int>(claimed->size()), *next};
}

Result<> GatewayWork::capture(const Cause& cause, const GatewayTask& task) const {
  const auto answer = gateway_.capture(task.key, task.payment, task.amount.value());
  if (!answer && answer.error() == GatewayFailure::unavailable) return later(cause, task);
  const bool done = answer.has_value();
  if (auto recorded = transactor_.run(cause, [&](UnitOfWork& unit) { return record_capture(unit, task, done); }); !recorded)
    return recorded;
  if (!done) return std::unexpected(domain::to_error(domain::capture_failed()));
  return {};
}

Result<> GatewayWork::release(const Cause& cause, const GatewayTask& task) const {
  if (!gateway_.release(task.key, task.payment)) return later(cause, task);
  return transactor_.run(cause, [&](UnitOfWork& unit) -> Result<> {
    tasks_.remove(unit, task.key);
    return {};
  });
}

Result<> GatewayWork::record_capture(UnitOfWork& unit, const GatewayTask& task, bool done) const {
  if (record_capture_of_remembered(unit, task, done)) return {};
  // Of this very capture only: its payment may have gone on to another one since, where this answer came late.
  const auto pending = tasks_.capture_of(unit, task.invoice.value());
  if (!pending) return pass_on(pending);
  if (!*pending || (*pending)->key != task.key) return {};
  const auto payment = payments_.load(unit, task.payment);
  if (!payment) return pass_on(payment);
  const auto invoice = invoices_.load(unit, task.invoice.value());
  if (!invoice) return pass_on(invoice);
  payments_.record(unit, *payment, after_capture(*payment, done));
  invoices_.record(unit, *invoice, after_capture(*invoice, done));
  tasks_.remove(unit, task.key);
  return {};
}

/// False, and nothing done, where this process does not remember both as what waits for the answer. The commit checks that they still are,
/// and that the task is.
bool GatewayWork::record_capture_of_remembered(UnitOfWork& unit, const GatewayTask& task, bool done) const {
  const auto payment = payments_.remembered(unit, task.payment);
  const auto invoice = invoices_.remembered(unit, task.invoice.value());
  if (!payment || !invoice || capture_key(*payment) != task.key) return false;
  auto payment_after = after_capture(*payment, done);
  auto invoice_after = after_capture(*invoice, done);
  if (payment_after.state == *payment || invoice_after.state == *invoice) return false;
  payments_.record(unit, *payment, std::move(payment_after));
  invoices_.record(unit, *invoice, std::move(invoice_after));
  tasks_.finish(unit, task.key);
  return true;
}

Result<> GatewayWork::later(const Cause& cause, const GatewayTask& task) const {
  auto postponed = transactor_.run(cause, [&](UnitOfWork& unit) -> Result<> {
    tasks_.postpone(unit, task.key, payments_.now() + wait_after(task.attempts));
    return {};
  });
  if (!postponed) return postponed;
  return pkg::errors::fail(pkg::errors::ErrorKind::unavailable, "gateway_unavailable",
                           "The payment gateway does not answer now; it is asked again until it does.");
}

}  // namespace payments::app
