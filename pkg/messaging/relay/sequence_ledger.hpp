#pragma once
// Which outbox numbers are accounted for. Numbers are committed in another order than they are handed out, so a cursor over them
// would lose rows: what was passed over is remembered as a gap until the database has decided every transaction that can own it.
//
// Invariants: a number up to top() is known (heard of, or void for ever) unless it lies in a gap; above top() nothing is known.

#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "pkg/messaging/relay/outbox_store.hpp"

namespace pkg::messaging {

class SequenceLedger {
 public:
  /// Everything up to `settled` is known, nothing above.
  void reset(Seq settled);

  Seq top() const { return top_; }
  bool knows(Seq seq) const { return seq <= top_ && !in_gap(seq); }
  bool in_gap(Seq seq) const;

  /// A row was heard of. Above top() it must be the next one: what lies between has to be passed over knowingly.
  void hear(Seq seq);

  /// Moves top() to `to`; what lies between becomes a gap. Which transactions may own its numbers is to be said by bound().
  void pass(Seq to);

  /// The numbers of all gaps there are were handed out to transactions below this one: it began after they were passed over.
  void bound(std::uint64_t undecided_below);

  /// Forgets the gaps up to `covered` that can have no owner any more: a snapshot whose oldest running transaction is this one
  /// was asked for them and did not show them.
  void close(Seq covered, std::uint64_t oldest_running);

  /// The gaps as ranges, at most `limit` of them: beyond that the last one reaches to top(), and what is known in it comes again.
  std::vector<SeqRange> gaps(std::size_t limit) const;

  /// Everything up to here is known.
  Seq known_up_to() const { return gaps_.empty() ? top_ : gaps_.begin()->first - 1; }
  std::size_t gap_count() const { return gaps_.size(); }

 private:
  struct Gap {
    Seq last;
    std::uint64_t undecided_below = std::numeric_limits<std::uint64_t>::max();
  };
  Seq top_ = 0;
  std::map<Seq, Gap> gaps_;  // by first number
};

}  // namespace pkg::messaging
