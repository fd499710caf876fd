#include "pkg/messaging_pg/pg_outbox.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "pkg/messaging_pg/message_columns.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::messaging_pg {

using messaging::Message;
using messaging::OutboxRow;
using postgres::Outcome;

// Shared by this class, for further messages of the unit, and the transaction's hooks.
struct PgOutbox::Batch {
  std::vector<std::shared_ptr<const Message>> messages;  // shared with the relay once they are committed
  std::optional<messaging::Ticket> ticket;
  std::vector<messaging::Seq> seqs;
};

namespace {

// The condition gives the transaction its id before the first number is taken: so whoever sees a later number in a snapshot knows that
// the owner of this one was running then, or decided (SequenceLedger rests on that). Arrays as in postgres::RowStatement.
constexpr std::string_view insert_one =
    "insert into outbox (channel, key, type, message) "
    "select $1::text, $2::text, $3::text, $4::bytea where pg_current_xact_id() is not null returning seq";
constexpr std::string_view insert_all =
    "insert into outbox (channel, key, type, message) "
    "select m.channel, m.key, m.type, m.message "
    "from (select unnest($1::text[]) as channel, unnest($2::text[]) as key, unnest($3::text[]) as type, unnest($4::bytea[]) as message, "
    "generate_subscripts($1::text[], 1) as n) as m "
    "where pg_current_xact_id() is not null order by m.n returning seq";

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
  std::vector<const Message*> messages;
  messages.reserve(batch->messages.size());
  for (const auto& message : batch->messages) messages.push_back(message.get());
  const bool is_one = messages.size() == 1;
  transaction.execute(is_one ? insert_one : insert_all, is_one ? as_row(*messages.front()) : as_columns(messages),
                      std::move(postgres::Expect().shown([batch](const postgres::Rows& rows) {
                        for (const auto row : rows) batch->seqs.push_back(static_cast<messaging::Seq>(row.int64(0)));
                      })));
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
