#pragma once
// The transaction behind a PgTransactor's unit of work. Internal to pkg/postgres.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/queue.hpp"
#include "pkg/postgres/transaction.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::postgres {

/// On the server BEGIN travels with the first write; nothing is sent, and no connection taken, before it is needed: by a question, the
/// commit, or a savepoint. What came before a savepoint is sent without waiting for its answers, so that the server is at work while the
/// caller makes more; such a unit shares its commit with no other anyway.
class PgTransaction final : public Transaction {
 public:
  /// Both outlive it. One that is `nested` in another's work does not wait for others at its commit: they may wait for what the outer one
  /// holds.
  PgTransaction(Pool& pool, uow::UnitOfWork& unit, bool nested) : pool_(pool), unit_(unit), is_nested_(nested) {}
  PgTransaction(const PgTransaction&) = delete;
  PgTransaction& operator=(const PgTransaction&) = delete;
  /// Rolls back what was neither committed nor rolled back.
  ~PgTransaction() override { rollback(); }

  void execute(std::string_view sql, Params params, Expect expect) override;
  void execute(const RowStatement& statement, Params row, Expect expect) override;
  errors::Result<Rows> query(std::string_view sql, Params params, Expect expect) override;
  void begin() override { wanted_ = true; }
  void before_commit(std::function<void()> hook) override { before_commit_.push_back(std::move(hook)); }
  void on_outcome(std::function<void(Outcome)> hook) override { on_outcome_.push_back(std::move(hook)); }
  void on_taken_back(std::function<void(std::size_t)> undo) override { on_taken_back_.push_back(std::move(undo)); }
  bool has_savepoint() const override { return !savepoints_.empty(); }

  /// What undid it, if something did.
  const std::optional<errors::Error>& failure() const { return failure_; }

  void savepoint(std::size_t before_part);
  /// To the last savepoint before what failed; gives the part that it stands before.
  std::optional<std::size_t> take_back(std::size_t failed_part);

  /// Where it fails it may be taken back; else rollback() has to follow.
  errors::Result<> commit();
  void rollback();

 private:
  /// What the server was given and has not been heard about, or what failed of it, and its answers.
  struct Sent {
    std::vector<Queued> batch;
    std::vector<Rows> results;
    std::size_t first = 0;  ///< result of the batch
  };
  struct Savepoint {
    std::size_t before_part;
    std::string name;
    std::size_t number;  ///< of its statement
    std::size_t hooks_before_commit, hooks_on_outcome, hooks_on_taken_back;  ///< that there were
  };
  void enqueue(std::string_view sql, Params params, Expect expect);
  errors::Result<> connect();
  void clear_queue();
  /// The queue as commands, that of BEGIN before it where it is due.
  std::vector<Command> queued_commands();
  /// The queue goes to what was sent.
  void note_sent();
  /// Nothing where it is much.
  void send_ahead();
  static bool is_large(const Queued& statement);
  /// Sends the queue, and this behind it, and hears of everything that was sent.
  std::optional<Fault> exchange_queue(std::optional<Command> last);
  errors::Result<Rows> send_queue();
  /// For a question that is all there is, outside of any transaction.
  errors::Result<Rows> ask_with_others();
  /// Of the last statement, where all is well with those that were heard of.
  errors::Result<Rows> answers(const std::optional<Fault>& fault);
  /// Hears of what was sent ahead, and which of it failed.
  void hear();
  /// By the place in what was sent.
  std::size_t number_of(std::size_t place) const { return count_ - sent_.batch.size() + place; }
  void note_failure(std::size_t place);
  struct Wrong {
    std::size_t place;
    errors::Error error;
  };
  /// What is wrong with the results, by what is expected of their statements.
  std::optional<Wrong> check() const;
  std::optional<std::size_t> place_of_fault() const;
  /// Says whose the fault is.
  void blame(const Fault& fault);
  /// To those that asked, the results of so many of what was sent.
  void show(std::size_t count) const;
  errors::Result<> send_commit();
  errors::Result<> send_commit_alone();
  errors::Result<> told();
  /// What the fault means of what was sent; logs it where nobody expected it.
  errors::Error judge(const Fault& fault) const;
  void finish(Outcome outcome);

  Pool& pool_;
  uow::UnitOfWork& unit_;
  const bool is_nested_;
  std::optional<Lease> lease_;
  std::vector<Queued> queue_;
  RowPlaces places_;  // in it
  Sent sent_;  // and not shown yet
  bool is_heard_ = true;  // else the server may still be at work on it
  std::size_t count_ = 0;  // of statements sent, those of the queue come next
  std::optional<std::size_t> failed_;  // the number of the statement that did
  std::vector<Savepoint> savepoints_;  // each within the one before it
  bool wanted_ = false;  // a transaction is needed from the next statement on
  bool open_ = false;  // the server has one
  bool finished_ = false;
  std::optional<errors::Error> failure_;
  std::vector<std::function<void()>> before_commit_;
  std::vector<std::function<void(Outcome)>> on_outcome_;
  std::vector<std::function<void(std::size_t)>> on_taken_back_;
};

}  // namespace pkg::postgres
