#pragma once

#include <optional>

#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/consumer/inbox.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transaction.hpp"

namespace pkg::messaging_pg {

/// The inbox table, in the units of a PgTransactor. The pool outlives it. Where a process is named, it admits only while that one leads
/// (PgLeadership), and fails with `unavailable`, code "leads_no_longer", otherwise; to ask costs no round trip.
class PgInbox final : public messaging::Inbox {
 public:
  explicit PgInbox(postgres::Pool& pool, std::optional<ids::Uuid> process = {}) : pool_(pool), process_(process) {}

  errors::Result<std::vector<messaging::Admission>> admit(uow::UnitOfWork& unit,
                                                          std::span<const messaging::Message* const> messages) override;
  void admit_as_expected(uow::UnitOfWork& unit, std::span<const messaging::Expected> messages) override;
  errors::Result<std::uint64_t> forget_before(clock::TimePoint time, std::size_t limit) override;

 private:
  void lock(postgres::Transaction& transaction) const;

  postgres::Pool& pool_;
  const std::optional<ids::Uuid> process_;
};

}  // namespace pkg::messaging_pg
