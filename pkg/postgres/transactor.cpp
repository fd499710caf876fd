#include "pkg/postgres/transactor.hpp"

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "pkg/postgres/pg_transaction.hpp"
#include "pkg/uow/retry.hpp"

namespace pkg::postgres {
namespace {

class PgUnitOfWork final : public uow::UnitOfWork {
 public:
  explicit PgUnitOfWork(Pool& pool) : transaction(pool, *this, at_work_here > 0) { ++at_work_here; }
  ~PgUnitOfWork() override { --at_work_here; }
  void savepoint(std::size_t before_part) override { transaction.savepoint(before_part); }
  errors::Result<> commit() { return transaction.commit(); }
  /// By the error that undid the transaction: the work may have met it in a question, and failed with one of its own since then.
  bool goes_on_after(const errors::Error& error) {
    return UnitOfWork::goes_on_after(transaction.failure() ? *transaction.failure() : error);
  }
  PgTransaction transaction;

 private:
  std::optional<std::size_t> take_back(std::size_t failed_part) override { return transaction.take_back(failed_part); }

  static thread_local int at_work_here;
};
thread_local int PgUnitOfWork::at_work_here = 0;

}  // namespace

errors::Result<> PgTransactor::run(const uow::Cause& cause, const Work& work) {
  return uow::retry_contended([&]() -> errors::Result<> {
    PgUnitOfWork unit(pool_);
    unit.set_cause(cause);
    auto done = uow::carry_out(unit, work);
    if (!done) unit.transaction.rollback();
    return done;
  });
}

Transaction& transaction_of(uow::UnitOfWork& unit) {
  auto* mine = dynamic_cast<PgUnitOfWork*>(&unit);
  if (mine == nullptr) {
    std::fprintf(stderr, "pkg/postgres: a unit of work of another kind reached a PostgreSQL adapter\n");
    std::abort();
  }
  return mine->transaction;
}

}  // namespace pkg::postgres
