#include "pkg/postgres/pg_transaction.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "pkg/faults/crash_point.hpp"
#include "pkg/postgres/statement.hpp"

namespace pkg::postgres {
namespace {

using errors::Error;
using errors::ErrorKind;

bool contains_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

/// Whether a statement would lose something outside of a transaction: what it writes, or the locks it takes. Errs on the side of yes.
bool needs_transaction(std::string_view sql) {
  sql.remove_prefix(std::min(sql.find_first_not_of(" \t\r\n("), sql.size()));
  const std::string_view first = sql.substr(0, 6);
  const bool reads = contains_word(first, "select") || contains_word(first, "values") || contains_word(first, "with");
  if (!reads) return true;
  for (const char* word : {"insert ", "update", "delete ", "merge ", "for share", "for key", "for no key"}) {
    if (contains_word(sql, word)) return true;
  }
  return false;
}

}  // namespace

void PgTransaction::execute(std::string_view sql, Params params, Expect expect) {
  wanted_ = true;
  enqueue(sql, std::move(params), std::move(expect));
}

void PgTransaction::enqueue(std::string_view sql, Params params, Expect expect) {
  std::string sent = with_expectation(sql, expect, params);
  queue_.push_back({std::move(sent), std::move(params), std::move(expect), unit_.part()});
}

errors::Result<Rows> PgTransaction::query(std::string_view sql, Params params, Expect expect) {
  if (failure_) return std::unexpected(*failure_);
  wanted_ = wanted_ || needs_transaction(sql);
  enqueue(sql, std::move(params), std::move(expect));
  auto rows = send_queue();
  if (!rows && wanted_) failure_ = rows.error();
  return rows;
}

errors::Result<> PgTransaction::connect() {
  if (lease_) return {};
  auto lease = pool_.acquire();
  if (!lease) return errors::pass_on(lease);
  lease_.emplace(std::move(*lease));
  return {};
}

errors::Result<Rows> PgTransaction::send_queue() {
  std::vector<Queued> batch = std::exchange(queue_, {});
  sent_ += batch.size();
  if (auto connected = connect(); !connected) return errors::pass_on(connected);
  std::vector<Command> commands;
  if (wanted_ && !open_) commands.push_back({"BEGIN"});
  const std::size_t first = commands.size();
  for (const Queued& each : batch) commands.push_back({each.sql, &each.params});

  Exchange exchange = lease_->exchange(commands);
  open_ = wanted_;
  // What it came to before the fault: the first thing that is wrong counts.
  std::optional<Error> wrong = check(batch, exchange.results, first);
  if (exchange.fault) {
    if (exchange.fault->connection_lost) lease_.reset();
    if (!wrong) wrong = judge(*exchange.fault, exchange.results.size(), first, batch);
  }
  if (wrong) {
    not_shown_ = {std::move(batch), std::move(exchange.results), first};
    return std::unexpected(std::move(*wrong));
  }
  show(batch, exchange.results, first, batch.size());
  return exchange.results.empty() ? Rows() : std::move(exchange.results.back());
}

std::optional<Error> PgTransaction::check(const std::vector<Queued>& batch, const std::vector<Rows>& results, std::size_t first) {
  for (std::size_t i = 0; first + i < results.size(); ++i) {
    if (!batch[i].expect.check()) continue;
    if (auto checked = batch[i].expect.check()(results[first + i]); !checked) {
      note_failure(sent_ - batch.size() + i, batch[i]);
      Error error = std::move(checked.error());
      if (error.kind == ErrorKind::unavailable) error.kind = ErrorKind::internal;  // see Expect
      return error;
    }
  }
  return std::nullopt;
}

void PgTransaction::show(const std::vector<Queued>& batch, const std::vector<Rows>& results, std::size_t first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto& viewer = batch[i].expect.viewer()) viewer(results[first + i]);
  }
}

void PgTransaction::note_failure(std::size_t number, const Queued& statement) {
  if (!wanted_) return;  // outside of the transaction nothing is undone by it
  failed_ = number;
  unit_.report_failed_part(statement.part);
}

Error PgTransaction::judge(const Fault& fault, std::size_t at, std::size_t first, const std::vector<Queued>& batch) {
  const bool is_statement = at >= first && at - first < batch.size();
  if (is_statement) {
    if (!fault.connection_lost) note_failure(sent_ - batch.size() + at - first, batch[at - first]);
    if (const Error* expected = expected_error(fault, batch[at - first].expect)) return *expected;
  } else {
    // At COMMIT: a deferred constraint, which any of the statements may have provided for.
    for (const Queued& each : batch) {
      if (const Error* expected = expected_error(fault, each.expect)) return *expected;
    }
  }
  Error error = to_error(fault);
  if (error.kind != ErrorKind::contended) pool_.log(fault, is_statement ? batch[at - first].sql : "(begin or commit)");
  return error;
}

errors::Result<> PgTransaction::commit() {
  // A hook may add statements, and hooks, for all parts at once.
  unit_.end_parts();
  for (std::size_t i = 0; !failure_ && i < before_commit_.size(); ++i) {
    const auto hook = before_commit_[i];  // adding another may move it
    hook();
  }
  const bool has_checks = std::ranges::any_of(queue_, [](const Queued& each) { return static_cast<bool>(each.expect.check()); });
  if (!failure_ && has_checks) {
    if (auto sent = send_queue(); !sent) failure_ = std::move(sent.error());
  }
  if (failure_) return std::unexpected(*failure_);
  if (open_ || !queue_.empty()) return send_commit();
  finish(Outcome::committed);
  return {};
}

errors::Result<> PgTransaction::send_commit() {
  faults::crash_point("unit.decided");
  if (open_ || is_nested_ || has_savepoint()) return send_commit_alone();
  // All that is to be written is known, so it may go together with others. Whoever waits for them keeps no connection from them.
  lease_.reset();
  GroupCommit::Member member;
  for (const Queued& each : queue_) member.statements.push_back({each.sql, &each.params});
  errors::Result<> alone;
  if (!pool_.groups().commit(member, [&] { alone = send_commit_alone(); })) return alone;
  if (member.outcome != Outcome::committed) {
    finish(member.outcome);
    return std::unexpected(std::move(*member.error));
  }
  return told(member.results, 0);
}

errors::Result<> PgTransaction::told(const std::vector<Rows>& results, std::size_t first) {
  faults::crash_point("unit.committed");
  show(queue_, results, first, queue_.size());
  finish(Outcome::committed);
  faults::crash_point("unit.told");
  return {};
}

errors::Result<> PgTransaction::send_commit_alone() {
  if (auto connected = connect(); !connected) {
    finish(Outcome::rolled_back);
    return connected;
  }
  if (open_ && !(*lease_)->is_usable()) {
    // Known before COMMIT leaves, so the outcome is certain.
    finish(Outcome::rolled_back);
    return std::unexpected(to_error({.sqlstate = {}, .message = {}, .constraint = {}, .connection_lost = true}));
  }
  std::vector<Command> commands;
  if (!open_) commands.push_back({"BEGIN"});
  const std::size_t first = commands.size();
  for (const Queued& each : queue_) commands.push_back({each.sql, &each.params});
  commands.push_back({"COMMIT"});
  open_ = true;
  sent_ += queue_.size();

  Exchange exchange = lease_->exchange(commands);
  if (!exchange.fault) return told(exchange.results, first);
  const Fault& fault = *exchange.fault;
  const std::size_t at = exchange.results.size();
  Error error = judge(fault, at, first, queue_);
  if (leaves_commit_unknown(fault, at, commands.size())) {
    finish(Outcome::unknown);
    return std::unexpected(commit_outcome_unknown());
  }
  failure_ = error;
  not_shown_ = {std::exchange(queue_, {}), std::move(exchange.results), first};
  return std::unexpected(std::move(error));
}

void PgTransaction::savepoint(std::size_t before_part) {
  if (failure_) return;
  unit_.end_parts();
  const std::string name = "s" + std::to_string(savepoints_.size());
  const std::size_t number = sent_ + queue_.size();
  execute("SAVEPOINT " + name, {}, {});
  savepoints_.push_back({before_part, name, number, before_commit_.size(), on_outcome_.size(), on_taken_back_.size()});
}

std::optional<std::size_t> PgTransaction::take_back(std::size_t failed_part) {
  if (finished_ || (open_ && (!lease_ || !(*lease_)->is_usable()))) return std::nullopt;
  const auto was_reached = [&](const Savepoint& each) { return each.before_part <= failed_part && (!failed_ || each.number < *failed_); };
  while (has_savepoint() && !was_reached(savepoints_.back())) savepoints_.pop_back();
  if (!has_savepoint()) return std::nullopt;
  const Savepoint to = savepoints_.back();

  for (; on_taken_back_.size() > to.hooks_on_taken_back; on_taken_back_.pop_back()) on_taken_back_.back()(failed_part);
  for (; on_outcome_.size() > to.hooks_on_outcome; on_outcome_.pop_back()) on_outcome_.back()(Outcome::rolled_back);
  before_commit_.resize(to.hooks_before_commit);

  const bool is_sent = to.number < sent_;
  if (is_sent && failed_) {
    // What stands was done in the exchange that failed, or before.
    const std::size_t since = sent_ - not_shown_.batch.size();
    show(not_shown_.batch, not_shown_.results, not_shown_.first, to.number - std::min(since, to.number));
  }
  failure_.reset();
  failed_.reset();
  queue_.resize(is_sent ? 0 : to.number + 1 - sent_);
  unit_.end_parts();
  if (is_sent) execute("ROLLBACK TO SAVEPOINT " + to.name, {}, {});
  return to.before_part;
}

void PgTransaction::rollback() {
  if (finished_) return;
  if (lease_ && open_ && !(*lease_)->is_idle() && (*lease_)->is_usable()) {
    const Command command{"ROLLBACK"};
    lease_->exchange({&command, 1});  // where it fails, the connection is thrown away and the server rolls back by itself
  }
  finish(Outcome::rolled_back);
}

void PgTransaction::finish(Outcome outcome) {
  finished_ = true;
  failure_ = Error{ErrorKind::internal, "transaction_ended", "A statement came after the end of its transaction.", {}};
  lease_.reset();
  queue_.clear();
  for (const auto& hook : std::exchange(on_outcome_, {})) hook(outcome);
}

}  // namespace pkg::postgres
