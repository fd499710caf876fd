// The slow half of RelayCore: what the broker still has, what the database is told, what may be deleted.

#include <algorithm>
#include <utility>

#include "pkg/messaging/relay/relay_core.hpp"

namespace pkg::messaging {

void RelayCore::connection(bool up, clock::TimePoint now) {
  if (!active_) return;
  if (!up) {
    ++term_;
    broker_ = BrokerIs::down;
    ask_at_.reset();
    return;
  }
  verify();
  evaluate(now);
}

// Nothing is published until the broker has said who it is: one that lost messages gets those first.
void RelayCore::verify() {
  ++term_;
  broker_ = BrokerIs::verifying;
  ask_stale_ = asking_;
  ask_failures_ = 0;
  ask_at_.reset();
}

void RelayCore::withdraw(const RelayAction& publish, clock::TimePoint now) {
  const auto* what = std::get_if<RelayAction::Publish>(&publish.what);
  if (active_ && publish.epoch == epoch_ && what != nullptr) queue_.again(what->message.place, now);
}

void RelayCore::broker_state(std::uint64_t epoch, const errors::Result<StreamState>& state, clock::TimePoint now) {
  if (epoch != epoch_ || !active_) return;
  asking_ = false;
  // An answer to a question from before the last doubt says nothing about the broker after it.
  if (std::exchange(ask_stale_, false) || broker_ != BrokerIs::verifying) return evaluate(now);
  if (!state) {
    ask_at_ = now + options_.publish_again.wait(++ask_failures_, epoch_);
    return evaluate(now);
  }
  broker_ = BrokerIs::up;
  if (mark_.broker_identity.empty()) {
    mark_.broker_identity = state->identity;
  } else if (state->identity != mark_.broker_identity || state->last_sequence < mark_.last_sequence) {
    refill(*state);
  }
  queue_.wake_all();
  evaluate(now);
}

// What every reader has handled it needs no more. The saved mark stays as it is until the rest is published again: a crash in between
// starts over.
void RelayCore::refill(const StreamState& state) {
  ++figures_.refills;
  forget_rows(readers_.handled());
  refilling_ = true;
  mark_.broker_identity = state.identity;
  mark_.last_sequence = state.last_sequence;
}

void RelayCore::look_after_readers(clock::TimePoint now) {
  if (refilling_ || broker_ != BrokerIs::up) return;
  if (readers_.wants_to_ask(settled(), mark_.last_sequence, now)) emit(RelayAction::AskPositions{readers_.channels()});
}

void RelayCore::positions(std::uint64_t epoch, const errors::Result<Positions>& positions, clock::TimePoint now) {
  if (epoch != epoch_ || !active_) return;
  readers_.hear(positions, mark_.broker_identity, now);
  mark_.handled = readers_.handled();
  mark_.readers = readers_.names();
  evaluate(now);
}

Seq RelayCore::settled() const {
  const Seq known = ledger_.known_up_to();
  const auto lowest = queue_.lowest();
  return lowest ? std::min(known, *lowest - 1) : known;
}

// The lists are compared last: they are the same nearly always, and the rest seldom is.
bool RelayCore::has_news_to_save() const {
  return settled() > saved_.settled || mark_.last_sequence != saved_.last_sequence || mark_.handled != saved_.handled ||
         mark_.broker_identity != saved_.broker_identity || mark_.readers != saved_.readers;
}

void RelayCore::save_if_due(clock::TimePoint now) {
  if (saving_ || refilling_ || now < next_save_ || !has_news_to_save()) return;
  saving_ = true;
  RelayMark mark = mark_;
  mark.settled = std::max(settled(), saved_.settled);
  emit(RelayAction::Save{std::move(mark)});
}

void RelayCore::save_soon(clock::TimePoint now) {
  if (!active_) return;
  next_save_ = now;
  evaluate(now);
}

void RelayCore::saved(std::uint64_t epoch, const RelayMark& mark, bool done, clock::TimePoint now) {
  if (epoch != epoch_ || !active_) return;
  saving_ = false;
  if (done) {
    saved_ = mark;
    save_failures_ = 0;
    next_save_ = now + options_.save_interval;
  } else {
    next_save_ = now + options_.save_interval + options_.store_again.wait(++save_failures_, epoch_);
  }
  evaluate(now);
}

// Rows are kept for a while after they are settled, counted from when this process saw it: after a restart, from the restart.
void RelayCore::look_after_retention(clock::TimePoint now) {
  if (refilling_) return;
  const Seq done = settled();
  if (done > deleted_ && now >= next_checkpoint_ && (settled_at_.empty() || done > settled_at_.back().second)) {
    settled_at_.emplace_back(now, done);
    next_checkpoint_ = now + options_.retention / 20;
  }
  while (!settled_at_.empty() && settled_at_.front().first + options_.retention <= now) {
    deletable_ = settled_at_.front().second;
    settled_at_.pop_front();
  }
  if (deletable_ <= deleted_ || deleting_ || now < delete_not_before_) return;
  deleting_ = true;
  emit(RelayAction::Delete{deletable_});
}

void RelayCore::deleted(std::uint64_t epoch, Seq up_to, bool more, clock::TimePoint now) {
  if (epoch != epoch_ || !active_) return;
  deleting_ = false;
  if (more) {
    delete_not_before_ = now + std::chrono::milliseconds(50);
  } else {
    deleted_ = std::max(deleted_, up_to);
  }
  evaluate(now);
}

std::optional<clock::TimePoint> RelayCore::next_wake() const {
  if (!active_) return std::nullopt;
  std::optional<clock::TimePoint> next;
  const auto consider = [&next](clock::TimePoint at) { next = next ? std::min(*next, at) : at; };
  if (!asked_ && has_room()) {
    consider(sweep_now_ || catching_up_ ? sweep_not_before_ : std::max(sweep_not_before_, next_sweep_));
    if (!held_.empty()) consider(std::max(sweep_not_before_, held_.begin()->second.since + options_.gap_patience));
  }
  if (broker_ == BrokerIs::verifying && ask_at_) consider(*ask_at_);
  if (broker_ == BrokerIs::up) {
    if (const auto at = queue_.next_wake()) consider(*at);
  }
  if (!saving_ && !refilling_ && has_news_to_save()) consider(next_save_);
  if (const auto at = readers_.next_wake(); at && broker_ == BrokerIs::up && !refilling_) consider(*at);
  if (!settled_at_.empty()) consider(settled_at_.front().first + options_.retention);
  if (deletable_ > deleted_ && !deleting_) consider(delete_not_before_);
  return next;
}

}  // namespace pkg::messaging
