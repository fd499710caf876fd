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
  std::uint32_t part = 0;
  for (auto& message : row.messages) {
    std::string name = order_of(*message);
    auto [found, fresh] = keys_.try_emplace(name);
    Key& key = found->second;
    if (fresh) key.name = std::move(name);
    const OutboxPlace place{row.seq, part++};
    messages_.emplace(place, &key);
    key.messages.push_back({place, std::move(message), row.handed_over_at});
    if (fresh) make_ready(key);
  }
}

void PublishQueue::clear() {
  keys_.clear();
  messages_.clear();
  ready_.clear();
  waiting_.clear();
  in_flight_ = 0;
}

std::optional<OutboxMessage> PublishQueue::next() {
  if (ready_.empty()) return std::nullopt;
  Key& key = *ready_.front();
  ready_.pop_front();
  key.state = State::in_flight;
  ++key.attempts;
  ++in_flight_;
  return key.messages.front();
}

void PublishQueue::done(const OutboxPlace& place) {
  const auto found = messages_.find(place);
  if (found == messages_.end()) return;
  Key& key = *found->second;
  if (key.state != State::in_flight || key.messages.front().place != place) return;
  --in_flight_;
  messages_.erase(found);
  key.messages.pop_front();
  key.attempts = 0;
  if (key.messages.empty()) {
    keys_.erase(key.name);
  } else {
    make_ready(key);
  }
}

void PublishQueue::again(const OutboxPlace& place, clock::TimePoint at) {
  const auto found = messages_.find(place);
  if (found == messages_.end()) return;
  Key& key = *found->second;
  if (key.state != State::in_flight || key.messages.front().place != place) return;
  --in_flight_;
  key.state = State::waiting;
  waiting_.emplace(at, &key);
}

std::uint32_t PublishQueue::attempts(const OutboxPlace& place) const {
  const auto found = messages_.find(place);
  return found == messages_.end() ? 0 : found->second->attempts;
}

const OutboxMessage* PublishQueue::in_flight(const OutboxPlace& place) const {
  const auto found = messages_.find(place);
  if (found == messages_.end()) return nullptr;
  const Key& key = *found->second;
  return key.state == State::in_flight && key.messages.front().place == place ? &key.messages.front() : nullptr;
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

std::optional<Seq> PublishQueue::lowest() const { return messages_.empty() ? std::nullopt : std::optional(messages_.begin()->first.seq); }

void PublishQueue::make_ready(Key& key) {
  key.state = State::ready;
  ready_.push_back(&key);
}

}  // namespace pkg::messaging
