#pragma once
// Units of work on PostgreSQL.

#include "pkg/errors/error.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transaction.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::postgres {

class PgTransactor final : public uow::Transactor {
 public:
  /// The pool outlives the transactor.
  explicit PgTransactor(Pool& pool) : pool_(pool) {}

  /// As promised by uow::Transactor. Besides: `unavailable` with code "commit_outcome_unknown" where the connection was lost while
  /// COMMIT was under way; such work is not run again here, because only the caller knows whether twice is harmless.
  errors::Result<> run(const uow::Cause& cause, const Work& work) override;

 private:
  Pool& pool_;
};

/// The database transaction of a unit that a PgTransactor made; another's stops the process. For adapters only.
Transaction& transaction_of(uow::UnitOfWork& unit);

}  // namespace pkg::postgres
