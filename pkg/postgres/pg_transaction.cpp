#include "pkg/postgres/pg_transaction.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "pkg/faults/crash_point.hpp"
#include "pkg/postgres/statement.hpp"

namespace pkg::postgres {
namespace {

using errors::Error;
using errors::ErrorKind;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }  // std::tolower asks the locale

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::ranges::equal(text.substr(0, word.size()), word, {}, lower);
}

bool is_in_word(char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; }

/// Whether a statement would lose something outside of a transaction: what it writes, or the locks it takes. Errs on the side of yes. Every
/// question is looked at, so this goes over its text once.
bool needs_transaction(std::string_view sql) {
  sql.remove_prefix(std::min(sql.find_first_not_of(" \t\r\n("), sql.size()));
  if (!begins_with(sql, "select") && !begins_with(sql, "values") && !begins_with(sql, "with")) return true;
  for (bool was_in_word = false; !sql.empty(); was_in_word = is_in_word(sql.front()), sql.remove_prefix(1)) {
    if (was_in_word || std::string_view("iudmf").find(lower(sql.front())) == std::string_view::npos) continue;
    for (const char* word : {"insert ", "update", "delete ", "merge ", "for share", "for key", "for no key"}) {
      if (begins_with(sql, word)) return true;
    }
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
  queue_.push_back({.sql = std::move(sent),
                    .params = std::move(params),
                    .expect = std::move(expect),
                    .part = unit_.part(),
                    .statement = nullptr,
                    .rows = {},
                    .viewers = {}});
  places_.bar_before(queue_.size());
}

void PgTransaction::execute(const RowStatement& statement, Params row, Expect expect) {
  if (expect.check() || (expect.viewer() && expect.row_count())) {
    std::fprintf(stderr, "pkg/postgres: of a row rows() and violation() can be expected, or violation() and shown()\n");
    std::abort();
  }
  wanted_ = true;
  auto viewer = expect.take_viewer();
  auto place = places_.find(statement, row);
  // There one that fails is looked for, and gone on without.
  if (place && has_savepoint() && queue_[*place].part != unit_.part()) place.reset();
  if (place) {
    queue_[*place].expect.add_rows_of(expect);
    if (queue_[*place].part != unit_.part()) queue_[*place].part.reset();
  } else {
    place = queue_.size();
    queue_.push_back(
        {.sql = {}, .params = {}, .expect = std::move(expect), .part = unit_.part(), .statement = &statement, .rows = {}, .viewers = {}});
  }
  places_.put(statement, row, *place);
  Queued& queued = queue_[*place];
  if (viewer) {
    queued.viewers.resize(queued.rows.size());
    queued.viewers.push_back(std::move(viewer));
  }
  queued.rows.push_back(std::move(row));
}

void PgTransaction::clear_queue() {
  queue_.clear();
  places_.clear();
}

errors::Result<Rows> PgTransaction::query(std::string_view sql, Params params, Expect expect) {
  if (failure_) return std::unexpected(*failure_);
  wanted_ = wanted_ || needs_transaction(sql);
  enqueue(sql, std::move(params), std::move(expect));
  auto rows = wanted_ || lease_ ? send_queue() : ask_with_others();
  if (!rows) {
    if (wanted_) {
      failure_ = rows.error();
    } else {
      sent_ = {};  // there is nothing yet to be taken back
    }
  }
  return rows;
}

errors::Result<> PgTransaction::connect() {
  if (lease_) return {};
  auto lease = pool_.acquire();
  if (!lease) return errors::pass_on(lease);
  lease_.emplace(std::move(*lease));
  return {};
}

std::vector<Command> PgTransaction::queued_commands() {
  std::vector<Command> commands;
  if (wanted_ && !std::exchange(open_, wanted_)) commands.push_back({"BEGIN"});
  if (sent_.batch.empty()) sent_.first = commands.size();
  for (Queued& each : queue_) {
    each.prepare();
    commands.push_back({each.sql, &each.params});
  }
  return commands;
}

void PgTransaction::note_sent() {
  count_ += queue_.size();
  std::ranges::move(queue_, std::back_inserter(sent_.batch));
  clear_queue();
}

// A socket's buffer takes several that are smaller.
bool PgTransaction::is_large(const Queued& statement) {
  std::size_t bytes = 0;
  const auto add = [&](const Params& params) {
    for (const Param& each : params) bytes += each.bytes ? each.bytes->size() : 0;
  };
  add(statement.params);
  for (const Params& row : statement.rows) add(row);
  return bytes > 16'384;
}

void PgTransaction::send_ahead() {
  if (queue_.empty() || std::ranges::any_of(queue_, is_large)) return;
  if (auto connected = connect(); !connected) {
    failure_ = std::move(connected.error());
    return;
  }
  is_heard_ = false;
  (*lease_)->send_ahead(queued_commands());
  note_sent();
}

std::optional<Fault> PgTransaction::exchange_queue(std::optional<Command> last) {
  auto commands = queued_commands();
  if (last) commands.push_back(*last);
  Exchange exchange = lease_->exchange(commands);
  note_sent();
  is_heard_ = true;
  sent_.results = std::move(exchange.results);
  return std::move(exchange.fault);
}

errors::Result<Rows> PgTransaction::send_queue() {
  if (auto connected = connect(); !connected) {
    if (!wanted_) clear_queue();
    return errors::pass_on(connected);
  }
  return answers(exchange_queue({}));
}

errors::Result<Rows> PgTransaction::ask_with_others() {
  errors::Result<Rows> own;
  auto answer = pool_.reads().ask({queue_.back().sql, &queue_.back().params}, [&] { own = send_queue(); });
  if (!answer) return own;
  note_sent();
  sent_.results.push_back(std::move(*answer));
  return answers({});
}

errors::Result<Rows> PgTransaction::answers(const std::optional<Fault>& fault) {
  // What it came to before the fault: the first thing that is wrong counts.
  if (auto wrong = check()) {
    note_failure(wrong->place);
    return std::unexpected(std::move(wrong->error));
  }
  if (fault) {
    if (fault->connection_lost) lease_.reset();
    blame(*fault);
    return std::unexpected(judge(*fault));
  }
  show(sent_.batch.size());
  Rows last = sent_.results.empty() ? Rows() : std::move(sent_.results.back());
  sent_ = {};
  return last;
}

std::optional<PgTransaction::Wrong> PgTransaction::check() const {
  for (std::size_t i = 0; sent_.first + i < sent_.results.size(); ++i) {
    const auto& check = sent_.batch[i].expect.check();
    if (!check) continue;
    if (auto checked = check(sent_.results[sent_.first + i]); !checked) {
      Error error = std::move(checked.error());
      if (error.kind == ErrorKind::unavailable) error.kind = ErrorKind::internal;  // see Expect
      return Wrong{i, std::move(error)};
    }
  }
  return std::nullopt;
}

void PgTransaction::show(std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i) {
    const Queued& each = sent_.batch[i];
    const Rows& result = sent_.results[sent_.first + i];
    if (const auto& viewer = each.expect.viewer()) viewer(result);
    for (std::size_t row = 0; row < each.viewers.size(); ++row) {
      if (each.viewers[row]) each.viewers[row](result.part(row, 1));
    }
  }
}

void PgTransaction::note_failure(std::size_t place) {
  if (!wanted_) return;  // outside of the transaction nothing is undone by it
  failed_ = number_of(place);
  unit_.report_failed_part(sent_.batch[place].part);
}

std::optional<std::size_t> PgTransaction::place_of_fault() const {
  const std::size_t at = sent_.results.size();
  return at >= sent_.first && at - sent_.first < sent_.batch.size() ? std::optional(at - sent_.first) : std::nullopt;
}

void PgTransaction::blame(const Fault& fault) {
  if (const auto place = place_of_fault(); place && !fault.connection_lost) note_failure(*place);
}

Error PgTransaction::judge(const Fault& fault) const {
  const auto place = place_of_fault();
  if (place) {
    if (const Error* expected = expected_error(fault, sent_.batch[*place].expect)) return *expected;
  } else {
    // At COMMIT: a deferred constraint, which any of the statements may have provided for.
    for (const Queued& each : sent_.batch) {
      if (const Error* expected = expected_error(fault, each.expect)) return *expected;
    }
  }
  Error error = to_error(fault);
  if (error.kind != ErrorKind::contended) pool_.log(fault, place ? sent_.batch[*place].sql : "(begin or commit)");
  return error;
}

errors::Result<> PgTransaction::commit() {
  // A hook may add statements, and hooks, for all parts at once.
  unit_.end_parts();
  for (std::size_t i = 0; !failure_ && i < before_commit_.size(); ++i) {
    const auto hook = before_commit_[i];  // adding another may move it
    hook();
  }
  const auto has_checks = [](const std::vector<Queued>& statements) {
    return std::ranges::any_of(statements, [](const Queued& each) { return static_cast<bool>(each.expect.check()); });
  };
  if (!failure_ && (has_checks(queue_) || has_checks(sent_.batch))) {
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
  member.statements = queue_;
  errors::Result<> alone;
  if (!pool_.groups().commit(member, [&] { alone = send_commit_alone(); })) return alone;
  if (member.outcome != Outcome::committed) {
    finish(member.outcome);
    return std::unexpected(std::move(*member.error));
  }
  note_sent();
  sent_.results = std::move(member.results);
  return told();
}

errors::Result<> PgTransaction::told() {
  faults::crash_point("unit.committed");
  show(sent_.batch.size());
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
  const auto fault = exchange_queue(Command{"COMMIT"});
  if (!fault) return told();
  blame(*fault);
  Error error = judge(*fault);
  if (leaves_commit_unknown(*fault, sent_.results.size(), sent_.first + sent_.batch.size() + 1)) {
    finish(Outcome::unknown);
    return std::unexpected(commit_outcome_unknown());
  }
  failure_ = error;
  return std::unexpected(std::move(error));
}

void PgTransaction::savepoint(std::size_t before_part) {
  if (failure_) return;
  unit_.end_parts();
  send_ahead();
  const std::string name = "s" + std::to_string(savepoints_.size());
  const std::size_t number = count_ + queue_.size();
  execute("SAVEPOINT " + name, {}, {});
  savepoints_.push_back({before_part, name, number, before_commit_.size(), on_outcome_.size(), on_taken_back_.size()});
}

void PgTransaction::hear() {
  Exchange exchange = lease_->exchange({});
  is_heard_ = true;
  sent_.results = std::move(exchange.results);
  const auto& fault = exchange.fault;
  if (fault && fault->connection_lost) lease_.reset();
  if (fault) judge(*fault);  // for the log: when it is done again it may succeed
  if (const auto wrong = check()) {
    failed_ = number_of(wrong->place);
  } else if (const auto place = place_of_fault(); fault && place) {
    failed_ = number_of(*place);
  }
}

std::optional<std::size_t> PgTransaction::take_back(std::size_t failed_part) {
  // By its handler; and what was sent ahead may have failed before that.
  if (!finished_ && !is_heard_) hear();
  if (finished_ || (open_ && (!lease_ || !(*lease_)->is_usable()))) return std::nullopt;
  const auto was_reached = [&](const Savepoint& each) { return each.before_part <= failed_part && (!failed_ || each.number < *failed_); };
  while (has_savepoint() && !was_reached(savepoints_.back())) savepoints_.pop_back();
  if (!has_savepoint()) return std::nullopt;
  const Savepoint to = savepoints_.back();

  for (; on_taken_back_.size() > to.hooks_on_taken_back; on_taken_back_.pop_back()) on_taken_back_.back()(failed_part);
  for (; on_outcome_.size() > to.hooks_on_outcome; on_outcome_.pop_back()) on_outcome_.back()(Outcome::rolled_back);
  before_commit_.resize(to.hooks_before_commit);

  const bool is_sent = to.number < count_;
  // What stands of what was heard last.
  show(std::clamp(to.number, number_of(0), count_) - number_of(0));
  sent_ = {};
  failure_.reset();
  failed_.reset();
  queue_.resize(is_sent ? 0 : to.number + 1 - count_);
  places_.clear();
  places_.bar_before(queue_.size());
  unit_.end_parts();
  if (is_sent) execute("ROLLBACK TO SAVEPOINT " + to.name, {}, {});
  return to.before_part;
}

void PgTransaction::rollback() {
  if (finished_) return;
  if (lease_ && open_ && !(*lease_)->is_idle() && (*lease_)->is_usable()) {
    // Where it fails, the connection is thrown away and the server rolls back by itself.
    if (!is_heard_) lease_->exchange({});
    const Command command{"ROLLBACK"};
    lease_->exchange({&command, 1});
  }
  finish(Outcome::rolled_back);
}

void PgTransaction::finish(Outcome outcome) {
  finished_ = true;
  failure_ = Error{ErrorKind::internal, "transaction_ended", "A statement came after the end of its transaction.", {}};
  lease_.reset();
  clear_queue();
  sent_ = {};
  for (const auto& hook : std::exchange(on_outcome_, {})) hook(outcome);
}

}  // namespace pkg::postgres
