#include "pkg/messaging/nats/unacknowledged.hpp"

#include <iterator>

namespace pkg::messaging::nats {

std::uint64_t Unacknowledged::add(std::size_t channel, std::uint64_t sequence, std::string_view reply, std::size_t messages,
                                  clock::TimePoint stored_at) {
  const Place place{channel, sequence};
  if (holds(channel, sequence) && !holds(channel, sequence, stored_at)) forget(place);
  auto [found, is_new] = out_.try_emplace(place);
  Out& out = found->second;
  if (is_new) {
    out.settled.resize(messages);
    out.left = messages;
    out.stored_at = stored_at;
  }
  out.reply = reply;
  const std::uint64_t first = last_tag_ + 1;
  last_tag_ += out.settled.size();
  out.first_tags.push_back(first);
  places_.emplace_hint(places_.end(), first, place);
  return first;
}

bool Unacknowledged::holds(std::size_t channel, std::uint64_t sequence, clock::TimePoint stored_at) const {
  const auto held = out_.find({channel, sequence});
  return held != out_.end() && held->second.stored_at == stored_at;
}

/// Of a message that is not settled.
std::optional<Unacknowledged::Found> Unacknowledged::find(std::uint64_t tag) const {
  const auto behind = places_.upper_bound(tag);
  if (behind == places_.begin()) return std::nullopt;
  const auto& [first, place] = *std::prev(behind);
  const auto& settled = out_.at(place).settled;
  const std::size_t message = tag - first;
  if (message >= settled.size() || settled[message]) return std::nullopt;
  return Found{place, message};
}

std::optional<std::string> Unacknowledged::reply_of(std::uint64_t tag) const {
  const auto found = find(tag);
  return found ? std::optional(out_.at(found->place).reply) : std::nullopt;
}

std::optional<std::string> Unacknowledged::settle(std::uint64_t tag) {
  const auto found = find(tag);
  if (!found) return std::nullopt;
  Out& out = out_.at(found->place);
  out.settled[found->message] = true;
  if (--out.left > 0) return std::nullopt;
  auto reply = std::move(out.reply);
  forget(found->place);
  return reply;
}

void Unacknowledged::forget(const Place& place) {
  const auto gone = out_.extract(place);
  for (const std::uint64_t first : gone.mapped().first_tags) places_.erase(first);
}

void Unacknowledged::clear() {
  out_.clear();
  places_.clear();
}

}  // namespace pkg::messaging::nats
