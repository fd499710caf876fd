#include "pkg/messaging/nats/sources.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace pkg::messaging::nats {
namespace {

bool has(const std::vector<std::string>& channels, const std::string& channel) {
  return std::ranges::find(channels, channel) != channels.end();
}

/// Moves those that `may_take` says yes to out of `left`.
template <class MayTake>
std::vector<std::string> take(std::vector<std::string>& left, MayTake may_take) {
  std::vector<std::string> taken;
  std::erase_if(left, [&](const std::string& channel) {
    if (!may_take(channel)) return false;
    taken.push_back(channel);
    return true;
  });
  return taken;
}

}  // namespace

std::expected<std::vector<ListedConsumer>, std::string> list_consumers(std::string_view stream, const Ask& ask) {
  std::vector<ListedConsumer> all;
  while (true) {
    const auto json = ask(consumer_list_subject(stream), list_request(all.size()));
    if (!json) return std::unexpected("it does not answer");
    auto page = read_consumer_list(*json);
    if (!page) return std::unexpected(std::move(page.error()));
    std::ranges::move(page->consumers, std::back_inserter(all));
    if (page->consumers.empty() || all.size() >= page->total) return all;
  }
}

Sources sources_of(const SubscribeTo& what, std::span<const ListedConsumer> there) {
  std::vector<std::string> left;
  for (const auto& channel : what.channels) {
    if (!has(left, channel)) left.push_back(channel);
  }
  std::vector<const ListedConsumer*> ours;
  for (const auto& each : there) {
    if (each.group == what.group) ours.push_back(&each);
  }
  // Those of one channel first: where both kinds are there an earlier release was at work again, and these stand further on.
  std::ranges::sort(ours, {}, [](const ListedConsumer* each) { return std::pair(each->number, std::string_view(each->durable)); });
  Sources sources;
  std::size_t last = 0;
  for (const auto* each : ours) {
    last = std::max(last, each->number);
    auto channels = take(left, [&](const std::string& channel) { return has(each->channels, channel); });
    if (!channels.empty()) {
      sources.read.push_back({each->durable, std::move(channels)});
    } else if (std::ranges::all_of(each->channels, [&](const std::string& channel) { return has(what.channels, channel); })) {
      sources.spare.push_back(each->durable);
    }
  }
  while (!left.empty()) {
    std::set<std::string> subjects;
    auto channels = take(left, [&](const std::string& channel) {
      const auto more = subjects_of(channel, what.types);
      // All types of a channel are a pattern, which may be another channel's name: each goes by itself.
      const bool collides =
          !subjects.empty() && (what.types.empty() || std::ranges::any_of(more, [&](const auto& each) { return subjects.contains(each); }));
      if (!collides) subjects.insert(more.begin(), more.end());
      return !collides;
    });
    sources.read.push_back({durable_name(what.group, ++last), std::move(channels)});
  }
  return sources;
}

std::optional<std::string_view> channel_of(const Source& source, std::string_view subject) {
  for (const auto word_end : {subject.size(), subject.rfind('.')}) {
    const auto channel = std::ranges::find(source.channels, subject.substr(0, word_end));
    if (channel != source.channels.end()) return *channel;
  }
  return std::nullopt;
}

}  // namespace pkg::messaging::nats
