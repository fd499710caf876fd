#include "pkg/messaging/relay/relay_core.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace pkg::messaging {
namespace {

// More ranges than this are asked for as one, and what is known in it comes again.
constexpr std::size_t max_ranges = 256;

}  // namespace

void RelayCore::start(const RelayMark& mark, bool broker_connected, clock::TimePoint now) {
  active_ = true;
  forget_rows(mark.settled);
  undecided_.clear();
  mark_ = saved_ = mark;
  readers_.start(mark.handled, mark.readers, now);
  refilling_ = false;
  sweep_failures_ = ask_failures_ = save_failures_ = 0;
  sweep_not_before_ = next_sweep_ = doubt_again_ = {};
  brisk_until_ = now + options_.brisk_time;
  others_until_ = now + options_.others_time;
  next_save_ = now + options_.save_interval;
  next_checkpoint_ = delete_not_before_ = {};
  deletable_ = deleted_ = 0;
  broker_ = BrokerIs::down;
  if (broker_connected) verify();
  evaluate(now);
}

void RelayCore::stop() {
  active_ = false;
  forget_rows(0);
  undecided_.clear();
  ask_at_.reset();
  actions_.clear();
}

// From here on only the database knows what is to be published.
void RelayCore::forget_rows(Seq settled) {
  ++epoch_;
  ledger_.reset(settled);
  held_.clear();
  queue_.clear();
  settled_at_.clear();
  readers_.forget_checkpoint();
  asked_.reset();
  asking_ = ask_stale_ = saving_ = deleting_ = sweep_now_ = spilled_since_asked_ = false;
  refilled_at_.reset();
  heard_ = 0;
  catching_up_ = true;
}

Ticket RelayCore::announced() {
  ++last_ticket_;
  if (active_) undecided_.insert(undecided_.end(), last_ticket_);
  return last_ticket_;
}

void RelayCore::committed(Ticket ticket, std::vector<OutboxRow> rows, clock::TimePoint now) {
  undecided_.erase(ticket);
  if (!active_) {
    for (const auto& row : rows) figures_.passed_over += row.messages.size();
    return;
  }
  for (auto& row : rows) accept(std::move(row), now);
  evaluate(now);
}

void RelayCore::rolled_back(Ticket ticket, clock::TimePoint now) {
  undecided_.erase(ticket);
  if (active_) evaluate(now);
}

void RelayCore::unknown(Ticket ticket, clock::TimePoint now) {
  undecided_.erase(ticket);
  if (!active_) return;
  sweep_now_ = true;
  evaluate(now);
}

void RelayCore::accept(OutboxRow row, clock::TimePoint now) {
  const Seq seq = row.seq;
  heard_ = std::max(heard_, seq);
  if (ledger_.knows(seq) || held_.contains(seq)) return;  // a sweep was faster
  // A number that an earlier sweep passed over was handed out before that sweep: what its row can have followed is released.
  const bool passed_over = seq <= ledger_.top();
  const bool follows_all = seq == ledger_.top() + 1 && ledger_.gap_count() == 0;
  if (catching_up_ || !(passed_over || follows_all)) {
    if (held_.size() >= options_.max_held) return spill(row);
    held_.emplace(seq, Held{std::move(row), last_ticket_ + 1, now});
    return;
  }
  if (queue_.size() >= options_.max_messages) return spill(row);
  release(std::move(row));
  release_held();
}

void RelayCore::spill(const OutboxRow& row) {
  figures_.spilled += row.messages.size();
  catching_up_ = true;
  spilled_since_asked_ = true;
}

void RelayCore::release(OutboxRow row) {
  ledger_.hear(row.seq);
  for (const auto& message : row.messages) readers_.note_channel(message->channel);
  queue_.push(std::move(row));
}

void RelayCore::release_held() {
  while (!catching_up_ && !held_.empty()) {
    const auto first = held_.begin();
    const Seq seq = first->first;
    if (seq > ledger_.top() + 1 || (seq == ledger_.top() + 1 && ledger_.gap_count() > 0)) return;
    OutboxRow row = std::move(first->second.row);
    held_.erase(first);
    if (!ledger_.knows(seq)) release(std::move(row));
  }
}

void RelayCore::swept(std::uint64_t epoch, errors::Result<Swept> result, clock::TimePoint now) {
  if (epoch != epoch_ || !asked_) return;
  const Asked asked = *std::exchange(asked_, std::nullopt);
  if (!result) {
    sweep_now_ = true;
    sweep_not_before_ = now + options_.store_again.wait(++sweep_failures_, heard_);
    return evaluate(now);
  }
  sweep_failures_ = 0;
  const bool complete = result->rows.size() < asked.limit;
  const Seq last = result->rows.empty() ? 0 : result->rows.back().seq;
  Seq covered = complete ? std::max(asked.heard, last) : last;
  // In the normal case what is above is being handed over just now; passing over its neighbours would only make gaps.
  if (complete && !catching_up_ && !undecided_.empty()) covered = std::max(asked.heard, ledger_.top());
  std::vector<OutboxRow> above;
  while (!result->rows.empty() && result->rows.back().seq > covered) {
    above.push_back(std::move(result->rows.back()));
    result->rows.pop_back();
  }
  release_swept(std::move(result->rows), covered, *result);
  ledger_.close(complete ? std::numeric_limits<Seq>::max() : last, result->oldest_running);
  if (!complete) {
    sweep_now_ = true;
  } else if (!spilled_since_asked_) {
    catching_up_ = false;
    if (refilling_ && !refilled_at_) refilled_at_ = ledger_.top();
  }
  release_held();
  for (; !above.empty(); above.pop_back()) accept(std::move(above.back()), now);
  next_sweep_ = now + between_sweeps(now);
  evaluate(now);
}

// The snapshot showed these and, though they were not asked for, the rows held at that time: together they are all that any of
// them can have followed.
void RelayCore::release_swept(std::vector<OutboxRow> rows, Seq covered, const Swept& seen) {
  for (const auto& row : rows) {
    if (!ledger_.knows(row.seq) && !held_.contains(row.seq)) figures_.swept += row.messages.size();
  }
  for (auto& [seq, held] : held_) {
    if (seq <= covered && held.asked) rows.push_back(std::move(held.row));
    held.asked = false;
  }
  std::sort(rows.begin(), rows.end(), [](const OutboxRow& a, const OutboxRow& b) { return a.seq < b.seq; });
  for (auto& row : rows) {
    held_.erase(row.seq);
    if (ledger_.knows(row.seq)) continue;
    if (row.seq > ledger_.top()) ledger_.pass(row.seq - 1);
    release(std::move(row));
  }
  ledger_.pass(covered);
  if (seen.bound) ledger_.bound(*seen.bound);
}

bool RelayCore::has_room() const {
  return queue_.size() + std::min(options_.sweep_limit, options_.max_messages / 2) <= options_.max_messages;
}

bool RelayCore::gap_needs_sweep(clock::TimePoint now) const {
  if (held_.empty()) return false;
  const Held& first = held_.begin()->second;
  return undecided_.empty() || *undecided_.begin() >= first.barrier || now >= first.since + options_.gap_patience;
}

clock::Duration RelayCore::between_sweeps(clock::TimePoint now) const {
  if (now < brisk_until_) return std::min(options_.brisk_interval, options_.sweep_interval);
  // The saved mark stands still below a gap, and only a sweep can close it.
  return now < others_until_ || ledger_.gap_count() > 0 ? options_.sweep_interval : options_.alone_interval;
}

void RelayCore::others_write(clock::TimePoint now) {
  if (!active_) return;
  others_until_ = now + options_.others_time;
  next_sweep_ = std::min(next_sweep_, now + options_.sweep_interval);
  evaluate(now);
}

bool RelayCore::wants_sweep(clock::TimePoint now) const {
  if (asked_ || now < sweep_not_before_ || !has_room()) return false;
  return sweep_now_ || catching_up_ || gap_needs_sweep(now) || now >= next_sweep_;
}

void RelayCore::sweep() {
  asked_ = Asked{heard_, std::min(options_.sweep_limit, options_.max_messages - queue_.size())};
  sweep_now_ = spilled_since_asked_ = false;
  SweepRequest request{ledger_.gaps(max_ranges), ledger_.top(), asked_->heard, asked_->limit};
  for (auto& [seq, held] : held_) {
    held.asked = true;
    if (seq <= request.above) continue;
    if (seq > request.above + 1) request.gaps.push_back({request.above + 1, seq - 1});
    request.above = seq;
  }
  if (request.gaps.size() > max_ranges) {
    request.gaps.resize(max_ranges);
    request.gaps.back().last = request.above;
  }
  emit(RelayAction::Sweep{std::move(request)});
}

void RelayCore::publish_ready() {
  while (broker_ == BrokerIs::up && queue_.in_flight_count() < options_.window) {
    auto message = queue_.next();
    if (!message) return;
    emit(RelayAction::Publish{std::move(*message)});
  }
}

void RelayCore::published(std::uint64_t epoch, const OutboxPlace& place, const PublishResult& result, clock::TimePoint now) {
  if (epoch != epoch_ || !active_) return;
  const OutboxMessage* message = queue_.in_flight(place);
  if (message == nullptr) return;
  if (result) {
    ++figures_.published;
    // Confirmations overtake one another only within the window; but a double was stored at any time.
    if (!result->duplicate && result->sequence + options_.window < mark_.last_sequence && now >= doubt_again_) {
      doubt_again_ = now + options_.sweep_interval;
      verify();
    }
    mark_.last_sequence = std::max(mark_.last_sequence, result->sequence);
    queue_.done(place);
    return evaluate(now);
  }
  switch (result.error()) {
    case PublishFailure::unconfirmed: {
      ++figures_.unconfirmed;
      queue_.again(place, now + options_.publish_again.wait(queue_.attempts(place), place.seq));
      if (now >= doubt_again_) {
        doubt_again_ = now + options_.sweep_interval;
        verify();
      }
      break;
    }
    case PublishFailure::refused: emit(RelayAction::RecordDead{*message}); break;
  }
  evaluate(now);
}

void RelayCore::dead_recorded(std::uint64_t epoch, const OutboxPlace& place, bool done, clock::TimePoint now) {
  if (epoch != epoch_ || !active_) return;
  if (done) {
    ++figures_.dead;
    queue_.done(place);
  } else {
    queue_.again(place, now + options_.store_again.wait(queue_.attempts(place), place.seq));  // refused again, recorded again
  }
  evaluate(now);
}

void RelayCore::tick(clock::TimePoint now) {
  if (active_) evaluate(now);
}

void RelayCore::evaluate(clock::TimePoint now) {
  if (broker_ == BrokerIs::verifying && !asking_ && (!ask_at_ || now >= *ask_at_)) {
    asking_ = true;
    ask_at_.reset();
    emit(RelayAction::AskBroker{});
  }
  queue_.wake(now);
  publish_ready();
  if (wants_sweep(now)) sweep();
  if (refilling_ && refilled_at_ && settled() >= *refilled_at_) refilling_ = false;
  look_after_readers(now);
  save_if_due(now);
  look_after_retention(now);
}

bool RelayCore::is_drained() const {
  return !active_ || (undecided_.empty() && held_.empty() && queue_.size() == 0 && !catching_up_ && !sweep_now_ && !asked_);
}

RelayFigures RelayCore::figures() const {
  RelayFigures figures = figures_;
  figures.backlog = queue_.size();
  for (const auto& [seq, held] : held_) figures.backlog += held.row.messages.size();
  figures.behind = active_ && catching_up_;
  if (active_ && !refilling_) figures.unhandled = static_cast<std::uint64_t>(std::max<Seq>(0, settled() - readers_.handled()));
  return figures;
}

}  // namespace pkg::messaging
