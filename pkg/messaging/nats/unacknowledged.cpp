#include "pkg/messaging/nats/unacknowledged.hpp"

namespace pkg::messaging::nats {

std::uint64_t Unacknowledged::add(std::size_t channel, std::uint64_t sequence, std::string_view reply) {
  const Place place{channel, sequence};
  Out& out = out_[place];
  out.reply = reply;
  out.tags.push_back(++last_tag_);
  places_.emplace(last_tag_, place);
  return last_tag_;
}

std::optional<std::string> Unacknowledged::reply_of(std::uint64_t tag) const {
  const auto found = places_.find(tag);
  return found == places_.end() ? std::nullopt : std::optional(out_.at(found->second).reply);
}

std::optional<std::string> Unacknowledged::settle(std::uint64_t tag) {
  const auto found = places_.find(tag);
  if (found == places_.end()) return std::nullopt;
  auto out = out_.extract(found->second);
  for (const std::uint64_t each : out.mapped().tags) places_.erase(each);
  return std::move(out.mapped().reply);
}

void Unacknowledged::clear() {
  out_.clear();
  places_.clear();
}

}  // namespace pkg::messaging::nats
