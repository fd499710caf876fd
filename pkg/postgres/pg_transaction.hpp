#pragma once
// The transaction behind a PgTransactor's unit of work. Internal to pkg/postgres.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transaction.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::postgres {

/// On the server BEGIN travels with the first write; nothing is sent, and no connection taken, before it is needed.
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
  struct Queued {
    std::string sql;
    Params params;
    Expect expect;
    std::optional<std::size_t> part;  ///< of the unit
  };
  struct NotShown {
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
  errors::Result<Rows> send_queue();
  void note_failure(std::size_t number, const Queued& statement);
  /// What is wrong with the results, by what is expected of their statements.
  std::optional<errors::Error> check(const std::vector<Queued>& batch, const std::vector<Rows>& results, std::size_t first);
  static void show(const std::vector<Queued>& batch, const std::vector<Rows>& results, std::size_t first, std::size_t count);
  errors::Result<> send_commit();
  errors::Result<> send_commit_alone();
  errors::Result<> told(const std::vector<Rows>& results, std::size_t first);
  /// What the fault of command `at` means, where the first of `batch` was command `first`; says whose it is, and logs it where nobody
  /// expected it.
  errors::Error judge(const Fault& fault, std::size_t at, std::size_t first, const std::vector<Queued>& batch);
  void finish(Outcome outcome);

  Pool& pool_;
  uow::UnitOfWork& unit_;
  const bool is_nested_;
  std::optional<Lease> lease_;
  std::vector<Queued> queue_;
  std::size_t sent_ = 0;  // statements, those of the queue come next
  std::optional<std::size_t> failed_;  // the number of the statement that did
  NotShown not_shown_;  // what was sent last, where it failed
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
