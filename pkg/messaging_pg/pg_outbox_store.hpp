#pragma once

#include "pkg/messaging/relay/outbox_store.hpp"
#include "pkg/postgres/pool.hpp"

namespace pkg::messaging_pg {

/// The pool outlives it. Each call is one statement.
class PgOutboxStore final : public messaging::OutboxStore {
 public:
  explicit PgOutboxStore(postgres::Pool& pool) : pool_(pool) {}

  errors::Result<messaging::RelayMark> load_mark() override;
  errors::Result<> save_mark(const messaging::RelayMark& mark) override;
  errors::Result<messaging::Swept> sweep(const messaging::SweepRequest& request) override;
  errors::Result<> record_dead(const messaging::OutboxMessage& dead) override;
  errors::Result<std::uint64_t> delete_up_to(messaging::Seq last, std::size_t limit) override;

 private:
  postgres::Pool& pool_;
  std::int64_t deleted_ = 0;  // the index's dead end need not be walked again
};

}  // namespace pkg::messaging_pg
