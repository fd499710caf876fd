#include "pkg/postgres/transactor.hpp"

#include <cstdio>
#include <cstdlib>

#include "pkg/postgres/pg_transaction.hpp"
#include "pkg/uow/retry.hpp"

namespace pkg::postgres {
namespace {

class PgUnitOfWork final : public uow::UnitOfWork {
 public:
  explicit PgUnitOfWork(Pool& pool) : transaction(pool, *this, at_work_here > 0) { ++at_work_here; }
  ~PgUnitOfWork() override { --at_work_here; }
  PgTransaction transaction;

 private:
  static thread_local int at_work_here;
};
thread_local int PgUnitOfWork::at_work_here = 0;

}  // namespace

errors::Result<> PgTransactor::run(const uow::Cause& cause, const Work& work) {
  return uow::retry_contended([&]() -> errors::Result<> {
    PgUnitOfWork unit(pool_);
    unit.set_cause(cause);
    if (auto done = work(unit); !done) {
      unit.transaction.rollback();
      return done;
    }
    return unit.transaction.commit();
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
