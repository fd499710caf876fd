#pragma once
// Port: the relay's side of the outbox table.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/messaging/relay/outbox_row.hpp"

namespace pkg::messaging {

/// Up to where the outbox is done, and by whose confirmation.
struct RelayMark {
  Seq settled = 0;                  ///< every row up to and including this one is confirmed, dead, or was never committed
  std::string broker_identity;      ///< the broker that confirmed; empty while there has been none
  std::uint64_t last_sequence = 0;  ///< the highest that it confirmed
  Seq handled = 0;                   ///< every row up to and including this one has had its effect on every reader
  std::vector<std::string> readers{};  ///< who reads what we publish, see Readers
  friend bool operator==(const RelayMark&, const RelayMark&) = default;
};

struct SeqRange {
  Seq first = 0;
  Seq last = 0;
  friend bool operator==(const SeqRange&, const SeqRange&) = default;
};

/// Asks for committed rows: those inside the gaps and all above, lowest number first, at most `limit`.
struct SweepRequest {
  std::vector<SeqRange> gaps;
  Seq above = 0;
  Seq heard = 0;  ///< numbers up to here were handed out
  std::size_t limit = 0;
  friend bool operator==(const SweepRequest&, const SweepRequest&) = default;
};

/// What one snapshot of the database shows.
struct Swept {
  std::vector<OutboxRow> rows;       ///< ascending
  std::uint64_t oldest_running = 0;  ///< every transaction below is decided (pg_snapshot_xmin)
  /// Every transaction that had begun when the snapshot was taken has a lower number than this. There where a number that was asked for is
  /// not among the rows, as then its owner may have been one of them. Not pg_snapshot_xmax: that is one more than the highest which is
  /// decided, and higher ones may be running.
  std::optional<std::uint64_t> bound{};
};

/// Every call fails with `unavailable` while the database is away. Used by one thread at a time.
class OutboxStore {
 public:
  virtual ~OutboxStore() = default;
  virtual errors::Result<RelayMark> load_mark() = 0;
  /// Never moves `settled` back; `handled` may go back.
  virtual errors::Result<> save_mark(const RelayMark& mark) = 0;
  virtual errors::Result<Swept> sweep(const SweepRequest& request) = 0;
  /// Makes a message visible that the broker will never take; doing it twice is harmless.
  virtual errors::Result<> record_dead(const OutboxMessage& message) = 0;
  /// Deletes the oldest rows up to this one, at most `limit`, and says how many. Rows of transactions that are not decided stay.
  virtual errors::Result<std::uint64_t> delete_up_to(Seq last, std::size_t limit) = 0;
};

}  // namespace pkg::messaging
