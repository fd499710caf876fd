#include "pkg/messaging/relay/publish_queue.hpp"

#include <utility>

namespace pkg::messaging {
namespace {

// Order is promised per key within a channel. A message without a key is in no order with others.
std::string order_of(const Message& message) {
  const std::string& key = message.key.empty() ? message.id : message.key;
  std::string name;
  name.reserve(message.channel.size() + 1 + key.size());
  name.append(message.channel).append(1, '\0').append(key);
  return name;
}

}  // namespace

void PublishQueue::push(OutboxRow row) {
  std::string name = order_of(*row.message);
  auto [found, fresh] = keys_.try_emplace(name);
  Key& key = found->second;
  if (fresh) key.name = std::move(name);
  rows_.emplace(row.seq, &key);
  key.rows.push_back(std::move(row));
  if (fresh) make_ready(key);
}

void PublishQueue::clear() {
  keys_.clear();
  rows_.clear();
  ready_.clear();
  waiting_.clear();
  in_flight_ = 0;
}

std::optional<OutboxRow> PublishQueue::next() {
  if (ready_.empty()) return std::nullopt;
  Key& key = *ready_.front();
  ready_.pop_front();
  key.state = State::in_flight;
  ++key.attempts;
  ++in_flight_;
  return key.rows.front();
}

void PublishQueue::done(Seq seq) {
  const auto found = rows_.find(seq);
  if (found == rows_.end()) return;
  Key& key = *found->second;
  if (key.state != State::in_flight || key.rows.front().seq != seq) return;
  --in_flight_;
  rows_.erase(found);
  key.rows.pop_front();
  key.attempts = 0;
  if (key.rows.empty()) {
    keys_.erase(key.name);
  } else {
    make_ready(key);
  }
}

void PublishQueue::again(Seq seq, clock::TimePoint at) {
  const auto found = rows_.find(seq);
  if (found == rows_.end()) return;
  Key& key = *found->second;
  if (key.state != State::in_flight || key.rows.front().seq != seq) return;
  --in_flight_;
  key.state = State::waiting;
  waiting_.emplace(at, &key);
}

std::uint32_t PublishQueue::attempts(Seq seq) const {
  const auto found = rows_.find(seq);
  return found == rows_.end() ? 0 : found->second->attempts;
}

const OutboxRow* PublishQueue::in_flight(Seq seq) const {
  const auto found = rows_.find(seq);
  if (found == rows_.end()) return nullptr;
  const Key& key = *found->second;
  return key.state == State::in_flight && key.rows.front().seq == seq ? &key.rows.front() : nullptr;
}

void PublishQueue::wake(clock::TimePoint now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    make_ready(*waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
  }
}

void PublishQueue::wake_all() { wake(clock::TimePoint::max()); }

std::optional<clock::TimePoint> PublishQueue::next_wake() const {
  return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
}

std::optional<Seq> PublishQueue::lowest() const { return rows_.empty() ? std::nullopt : std::optional(rows_.begin()->first); }

void PublishQueue::make_ready(Key& key) {
  key.state = State::ready;
  ready_.push_back(&key);
}

}  // namespace pkg::messaging
