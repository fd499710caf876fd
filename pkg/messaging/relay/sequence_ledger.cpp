#include "pkg/messaging/relay/sequence_ledger.hpp"

#include <algorithm>
#include <cassert>

namespace pkg::messaging {

void SequenceLedger::reset(Seq settled) {
  top_ = settled;
  gaps_.clear();
}

bool SequenceLedger::in_gap(Seq seq) const {
  auto after = gaps_.upper_bound(seq);
  return after != gaps_.begin() && seq <= std::prev(after)->second.last;
}

void SequenceLedger::hear(Seq seq) {
  if (seq > top_) {
    assert(seq == top_ + 1);
    top_ = seq;
    return;
  }
  auto after = gaps_.upper_bound(seq);
  if (after == gaps_.begin()) return;
  const auto gap = std::prev(after);
  const Seq first = gap->first;
  const Gap whole = gap->second;
  if (seq > whole.last) return;
  if (first == seq) {
    gaps_.erase(gap);
  } else {
    gap->second.last = seq - 1;
  }
  if (seq < whole.last) gaps_.emplace(seq + 1, whole);
}

void SequenceLedger::pass(Seq to) {
  if (to <= top_) return;
  gaps_.emplace(top_ + 1, Gap{to});
  top_ = to;
}

// A gap that has its bound keeps it: that one is lower, and as true.
void SequenceLedger::bound(std::uint64_t undecided_below) {
  for (auto& [first, gap] : gaps_) gap.undecided_below = std::min(gap.undecided_below, undecided_below);
}

void SequenceLedger::close(Seq covered, std::uint64_t oldest_running) {
  std::erase_if(gaps_, [&](const auto& gap) { return gap.second.last <= covered && gap.second.undecided_below <= oldest_running; });
}

std::vector<SeqRange> SequenceLedger::gaps(std::size_t limit) const {
  std::vector<SeqRange> ranges;
  ranges.reserve(std::min(limit, gaps_.size()));
  for (const auto& [first, gap] : gaps_) {
    if (ranges.size() == limit) break;
    ranges.push_back({first, gap.last});
  }
  if (!ranges.empty() && gaps_.size() > limit) ranges.back().last = top_;
  return ranges;
}

}  // namespace pkg::messaging
