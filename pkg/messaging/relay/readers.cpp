#include "pkg/messaging/relay/readers.hpp"

#include <algorithm>

namespace pkg::messaging {
namespace {

// Neither a group nor a channel has a space in it.
std::string name_of(const GroupPosition& position) { return position.group + " " + position.channel; }
std::string channel_of(const std::string& name) { return name.substr(name.find(' ') + 1); }

}  // namespace

void Readers::start(Seq handled, const std::vector<std::string>& names, clock::TimePoint now) {
  handled_ = handled;
  last_seen_.clear();
  channels_.clear();
  for (const auto& name : names) {
    last_seen_.emplace(name, now);
    channels_.insert(channel_of(name));
  }
  forget_checkpoint();
}

void Readers::note_channel(const std::string& channel) {
  if (!channels_.contains(channel)) channels_.insert(channel);
}

bool Readers::wants_to_ask(Seq settled, std::uint64_t sequence, clock::TimePoint now) {
  if (asking_ || settled <= handled_) return false;
  if (!checkpoint_) {
    checkpoint_ = Checkpoint{settled, sequence};
    wait_ = options_.interval;
    next_ask_ = now + wait_;
  }
  asking_ = now >= next_ask_;
  return asking_;
}

void Readers::hear(const errors::Result<Positions>& answer, const std::string& identity, clock::TimePoint now) {
  if (!std::exchange(asking_, false) || !checkpoint_) return;
  if (!answer || answer->stream.identity != identity) return ask_later(now);
  std::map<std::string, std::uint64_t> standing;
  for (const auto& position : answer->groups) {
    if (!channels_.contains(position.channel)) continue;
    const std::string name = name_of(position);
    standing[name] = position.handled;
    if (last_seen_.insert_or_assign(name, now).second) handled_ = 0;
  }
  std::erase_if(last_seen_, [&](const auto& reader) { return reader.second + options_.patience <= now; });
  const bool is_reached = std::ranges::all_of(last_seen_, [&](const auto& reader) {
    const auto stands = standing.find(reader.first);
    return stands != standing.end() && stands->second >= checkpoint_->sequence;
  });
  if (!is_reached) return ask_later(now);
  handled_ = checkpoint_->settled;
  checkpoint_.reset();
}

void Readers::ask_later(clock::TimePoint now) {
  wait_ = std::min(wait_ * 2, options_.longest);
  next_ask_ = now + wait_;
}

void Readers::forget_checkpoint() {
  asking_ = false;
  checkpoint_.reset();
}

std::vector<std::string> Readers::names() const {
  std::vector<std::string> names;
  for (const auto& [name, seen] : last_seen_) names.push_back(name);
  return names;
}

std::optional<clock::TimePoint> Readers::next_wake() const { return checkpoint_ && !asking_ ? std::optional(next_ask_) : std::nullopt; }

}  // namespace pkg::messaging
