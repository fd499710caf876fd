#include "pkg/messaging_pg/pg_outbox.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "pkg/messaging/stored_message.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::messaging_pg {

using messaging::Message;
using messaging::OutboxRow;
using postgres::Outcome;
using postgres::Param;

// Shared by this class, for further messages of the unit, and the transaction's hooks.
struct PgOutbox::Batch {
  std::vector<std::shared_ptr<const Message>> messages;  // shared with the relay once they are committed
  std::optional<messaging::Ticket> ticket;
  std::vector<messaging::Seq> seqs;
};

namespace {

// The condition gives the transaction its id before the first number is taken: so whoever sees a later number in a snapshot knows that
// the owner of this one was running then, or decided (SequenceLedger rests on that).
const postgres::RowStatement insert_message(
    "key text, channel text, type text, message bytea",
    "insert into outbox (channel, key, type, message) select channel, key, type, message from $given "
    "where pg_current_xact_id() is not null order by given.place returning seq",
    postgres::RowStatement::SameFirst::together);

}  // namespace

void PgOutbox::add(uow::UnitOfWork& unit, Message message) {
  auto& transaction = postgres::transaction_of(unit);
  const auto batch = batch_of(transaction);
  if (transaction.has_savepoint()) {
    transaction.on_taken_back([batch, before = batch->messages.size()](std::size_t) { batch->messages.resize(before); });
  }
  batch->messages.push_back(std::make_shared<const Message>(std::move(message)));  // shared as said at its type
}

std::shared_ptr<PgOutbox::Batch> PgOutbox::batch_of(postgres::Transaction& transaction) {
  std::shared_ptr<Batch> batch;  // shared as said at its type
  {
    const std::scoped_lock lock(mutex_);
    auto& found = batches_[&transaction];
    if (found) return found;
    batch = found = std::make_shared<Batch>();
  }
  transaction.before_commit([this, &transaction, batch] { insert(transaction, batch); });
  transaction.on_outcome([this, &transaction, batch](Outcome outcome) {
    {
      const std::scoped_lock lock(mutex_);
      batches_.erase(&transaction);
    }
    tell(*batch, outcome);
  });
  return batch;
}

void PgOutbox::insert(postgres::Transaction& transaction, const std::shared_ptr<Batch>& batch) {
  batch->seqs.clear();  // of a commit that was taken back
  for (const auto& message : batch->messages) {
    postgres::Expect seen;
    seen.shown([seqs = &batch->seqs](const postgres::Rows& rows) { seqs->push_back(static_cast<messaging::Seq>(rows[0].int64(0))); });
    transaction.execute(insert_message, {message->key, message->channel, message->type, Param::bytea(messaging::to_stored(*message))},
                        std::move(seen));
  }
  if (!batch->ticket) batch->ticket = relay_.announced();
}

void PgOutbox::tell(const Batch& batch, Outcome outcome) {
  if (!batch.ticket) return;  // the work failed before COMMIT
  switch (outcome) {
    case Outcome::committed: {
      std::vector<OutboxRow> rows;
      rows.reserve(batch.seqs.size());
      for (std::size_t i = 0; i < batch.seqs.size(); ++i) rows.push_back({batch.seqs[i], batch.messages[i]});
      return relay_.committed(*batch.ticket, std::move(rows));
    }
    case Outcome::rolled_back: return relay_.rolled_back(*batch.ticket);
    case Outcome::unknown: return relay_.unknown(*batch.ticket);
  }
}

}  // namespace pkg::messaging_pg
