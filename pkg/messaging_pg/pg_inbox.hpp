#pragma once

#include "pkg/messaging/consumer/inbox.hpp"
#include "pkg/postgres/pool.hpp"

namespace pkg::messaging_pg {

/// The inbox table, in the units of a PgTransactor. The pool outlives it.
class PgInbox final : public messaging::Inbox {
 public:
  explicit PgInbox(postgres::Pool& pool) : pool_(pool) {}

  errors::Result<std::vector<messaging::Admission>> admit(uow::UnitOfWork& unit,
                                                          std::span<const messaging::Message* const> messages) override;
  errors::Result<std::uint64_t> forget_before(clock::TimePoint time, std::size_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace pkg::messaging_pg
