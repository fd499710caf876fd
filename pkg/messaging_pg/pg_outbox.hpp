#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "pkg/messaging/outbox.hpp"
#include "pkg/messaging/relay/outbox_row.hpp"
#include "pkg/postgres/transaction.hpp"

namespace pkg::messaging_pg {

/// The outbox table, in the units of a PgTransactor. All messages of a unit travel in one statement together with its COMMIT, several to a
/// row, and are handed to the relay in memory as soon as that is done. Id, time and cause are the caller's to fill in. Safe to use from any
/// thread.
class PgOutbox final : public messaging::Outbox {
 public:
  /// The listener, usually the relay, outlives the outbox and every unit in which it was used.
  explicit PgOutbox(messaging::CommitListener& relay) : relay_(relay) {}

  void add(uow::UnitOfWork& unit, messaging::Message message) override;

 private:
  struct Batch;
  std::shared_ptr<Batch> batch_of(postgres::Transaction& transaction);
  void insert(postgres::Transaction& transaction, const std::shared_ptr<Batch>& batch);
  void tell(const Batch& batch, postgres::Outcome outcome);

  messaging::CommitListener& relay_;
  std::mutex mutex_;
  std::unordered_map<postgres::Transaction*, std::shared_ptr<Batch>> batches_;
};

}  // namespace pkg::messaging_pg
