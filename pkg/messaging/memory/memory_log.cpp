#include "pkg/messaging/memory/memory_log.hpp"

#include <algorithm>

namespace pkg::messaging {

MemoryLog::Append MemoryLog::append(const std::string& channel, const std::string& id, std::vector<Header> headers, std::string payload) {
  if (!id.empty()) {
    const auto [known, is_new] = ids_.emplace(id, last_sequence_ + 1);
    if (!is_new) return {known->second, true};
  }
  channels_[channel].push_back({++last_sequence_, std::move(headers), std::move(payload)});
  return {last_sequence_, false};
}

std::optional<MemoryLog::Taken> MemoryLog::take(const std::string& group, const std::string& channel, Holder holder, bool window_is_open,
                                                clock::TimePoint now, clock::Duration ack_wait) {
  const auto records = channels_.find(channel);
  if (records == channels_.end()) return std::nullopt;
  const PositionKey key{group, channel};
  Position& position = positions_[key];
  const auto hand_out = [&](std::uint64_t sequence, Pending& pending) {
    pending.holder = holder;
    pending.due = now + ack_wait;
    pending.tags.push_back(++last_tag_);
    tags_.emplace(last_tag_, TagOf{key, sequence});
    return Taken{&records->second[pending.index], pending.attempt, last_tag_};
  };
  for (auto& [sequence, pending] : position.pending) {
    if (pending.due > now) continue;
    ++pending.attempt;
    return hand_out(sequence, pending);
  }
  if (!window_is_open || position.next >= records->second.size()) return std::nullopt;
  const std::size_t index = position.next++;
  const std::uint64_t sequence = records->second[index].sequence;
  const auto [added, is_new] = position.pending.emplace(sequence, Pending{index, 1, holder, now, {}});
  return hand_out(sequence, added->second);
}

MemoryLog::Pending* MemoryLog::find(std::uint64_t tag) {
  const auto found = tags_.find(tag);
  if (found == tags_.end()) return nullptr;
  return &positions_.at(found->second.position).pending.at(found->second.sequence);
}

void MemoryLog::acknowledge(std::uint64_t tag) {
  const auto found = tags_.find(tag);
  if (found == tags_.end()) return;
  const auto [key, sequence] = found->second;
  auto& pending = positions_.at(key).pending;
  const auto held = pending.find(sequence);
  for (const std::uint64_t each : held->second.tags) tags_.erase(each);
  pending.erase(held);
}

void MemoryLog::deliver_again_at(std::uint64_t tag, clock::TimePoint due) {
  if (Pending* pending = find(tag)) pending->due = due;
}

void MemoryLog::let_go(Holder holder, clock::TimePoint now) {
  for (auto& [key, position] : positions_) {
    for (auto& [sequence, pending] : position.pending) {
      if (pending.holder == holder) pending.due = now;
    }
  }
}

std::size_t MemoryLog::held_by(Holder holder) const {
  std::size_t held = 0;
  for (const auto& [key, position] : positions_) {
    for (const auto& [sequence, pending] : position.pending) held += pending.holder == holder ? 1 : 0;
  }
  return held;
}

std::optional<clock::TimePoint> MemoryLog::next_due(clock::TimePoint now) const {
  std::optional<clock::TimePoint> soonest;
  for (const auto& [key, position] : positions_) {
    for (const auto& [sequence, pending] : position.pending) {
      if (pending.due > now && (!soonest || pending.due < *soonest)) soonest = pending.due;
    }
  }
  return soonest;
}

std::uint64_t MemoryLog::handled_in(const Position& position, const std::deque<Record>& records) const {
  if (!position.pending.empty()) return position.pending.begin()->first - 1;
  return position.next == records.size() ? last_sequence_ : records[position.next].sequence - 1;
}

std::vector<GroupPosition> MemoryLog::positions(std::span<const std::string> channels) const {
  std::vector<GroupPosition> found;
  for (const auto& [key, position] : positions_) {
    const auto& [group, channel] = key;
    if (std::ranges::find(channels, channel) == channels.end()) continue;
    found.push_back({group, channel, handled_in(position, channels_.at(channel))});
  }
  return found;
}

const std::deque<Record>* MemoryLog::records(std::string_view channel) const {
  const auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : &found->second;
}

void MemoryLog::forget() {
  MemoryLog empty;
  empty.last_tag_ = last_tag_;
  *this = std::move(empty);
}

}  // namespace pkg::messaging
