#include "depot/internal/adapters/pg/pg_floor.hpp"

#include "pkg/postgres/transactor.hpp"

namespace depot::adapters::pg {

void PgFloor::wake(pkg::uow::UnitOfWork& unit) { pkg::postgres::transaction_of(unit).after_commit(worker_); }

}  // namespace depot::adapters::pg
