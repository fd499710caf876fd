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
  std::vector<std::size_t> counts;  ///< of messages, of each row
  std::vector<messaging::Seq> seqs;  ///< of each row
};

namespace {

// The condition gives the transaction its id before the first number is taken: so whoever sees a later number in a snapshot knows that
// the owner of this one was running then, or decided (SequenceLedger rests on that).
const postgres::RowStatement insert_row(
    "key text, channel text, type text, message bytea, more bytea",
    "insert into outbox (channel, key, type, message, more) select channel, key, type, message, more from $given "
    "where pg_current_xact_id() is not null order by given.place returning seq",
    postgres::RowStatement::SameFirst::together);

// Two rows of this size fill a page. A row with one message may have any.
constexpr std::size_t largest_row = 3900;

std::size_t size_of(const Message& message, std::size_t stored) {
  constexpr std::size_t lengths = 16;
  return message.channel.size() + message.key.size() + message.type.size() + stored + lengths;
}

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
  batch->counts.clear();  // of a commit that was taken back
  batch->seqs.clear();
  const auto& messages = batch->messages;
  // Else another process reads them, perhaps one of the release before, which knows only the first of a row.
  const bool together = relay_.leads();
  for (std::size_t i = 0; i < messages.size(); i += batch->counts.back()) {
    const Message& first = *messages[i];
    std::string stored = messaging::to_stored(first);
    std::size_t size = size_of(first, stored.size());
    std::string more;
    std::size_t count = 1;
    for (; together && i + count < messages.size(); ++count) {
      const std::size_t before = more.size();
      messaging::append_stored(more, *messages[i + count]);
      size += more.size() - before;
      if (size <= largest_row) continue;
      more.resize(before);
      break;
    }
    batch->counts.push_back(count);
    postgres::Expect seen;
    seen.shown([seqs = &batch->seqs](const postgres::Rows& rows) { seqs->push_back(static_cast<messaging::Seq>(rows[0].int64(0))); });
    Param further = Param::bytea(more);
    if (count == 1) further.bytes.reset();
    transaction.execute(insert_row, {first.key, first.channel, first.type, Param::bytea(stored), std::move(further)}, std::move(seen));
  }
  if (!batch->ticket) batch->ticket = relay_.announced();
}

void PgOutbox::tell(const Batch& batch, Outcome outcome) {
  if (!batch.ticket) return;  // the work failed before COMMIT
  switch (outcome) {
    case Outcome::committed: {
      std::vector<OutboxRow> rows;
      rows.reserve(batch.seqs.size());
      auto next = batch.messages.begin();
      for (std::size_t i = 0; i < batch.seqs.size(); ++i) {
        const auto end = next + static_cast<std::ptrdiff_t>(batch.counts[i]);
        rows.push_back({batch.seqs[i], {next, end}});
        next = end;
      }
      return relay_.committed(*batch.ticket, std::move(rows));
    }
    case Outcome::rolled_back: return relay_.rolled_back(*batch.ticket);
    case Outcome::unknown: return relay_.unknown(*batch.ticket);
  }
}

}  // namespace pkg::messaging_pg
