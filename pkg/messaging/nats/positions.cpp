// What the broker tells of itself: the stream, and where groups stand in it.

#include <algorithm>
#include <map>
#include <utility>

#include "pkg/messaging/nats/broker_thread.hpp"
#include "pkg/messaging/nats/sources.hpp"

namespace pkg::messaging::nats {
namespace {

std::unexpected<errors::Error> unavailable(const std::string& why) {
  return errors::fail(errors::ErrorKind::unavailable, "broker_away", why);
}

}  // namespace

errors::Result<StreamState> NatsBroker::state() {
  const auto link = ready_link();
  if (link == nullptr) return unavailable("The event server is away.");
  return ask_state(*link);
}

// In this order. Where a consumer had nothing out, and the last message of all that it wants, asked for later, was delivered to it, it has
// nothing left of what was stored before the first question either.
errors::Result<Positions> NatsBroker::positions(std::span<const std::string> channels) {
  const auto link = ready_link();
  if (link == nullptr) return unavailable("The event server is away.");
  auto stream = ask_state(*link);
  if (!stream) return errors::pass_on(stream);
  const auto consumers = ask_consumers(*link);
  if (!consumers) return errors::pass_on(consumers);

  Positions positions{*std::move(stream), {}};
  std::map<std::string, std::uint64_t> last_of;
  for (const auto& consumer : *consumers) {
    if (consumer.group.empty()) continue;
    const Source source{consumer.durable, consumer.channels};
    for (const auto& channel : consumer.channels) {
      if (std::ranges::find(channels, channel) == channels.end()) continue;
      GroupPosition position{consumer.group, channel, consumer.state.settled};
      if (consumer.state.out == 0) {
        bool has_all = true;
        for (const auto& subject : consumer.subjects) {
          if (channel_of(source, subject) != channel) continue;
          if (!last_of.contains(subject)) {
            const auto last = ask_last_sequence(*link, subject);
            if (!last) return errors::pass_on(last);
            last_of[subject] = *last;
          }
          has_all = has_all && last_of[subject] <= consumer.state.delivered;
        }
        position.handled = has_all ? std::max(positions.stream.last_sequence, consumer.state.delivered) : consumer.state.delivered;
      }
      positions.groups.push_back(std::move(position));
    }
  }
  return positions;
}

errors::Result<StreamState> NatsBroker::ask_state(const Link& link) {
  const auto json = ask(link, stream_subject("INFO", options_->stream), "");
  if (!json) return unavailable("The event server does not answer.");
  const auto answer = read_api_answer(*json, *options_);
  if (answer.error_code == stream_not_found) wake(is_stream_in_doubt_);
  if (!answer.error.empty()) return unavailable("The event server cannot tell its state: " + answer.error);
  return answer.stream;
}

errors::Result<std::vector<ListedConsumer>> NatsBroker::ask_consumers(const Link& link) {
  auto all =
      list_consumers(options_->stream, [&](const std::string& subject, const std::string& body) { return ask(link, subject, body); });
  if (!all) return unavailable("The event server cannot list its consumers: " + all.error());
  return *std::move(all);
}

/// 0 where the subject has no message.
errors::Result<std::uint64_t> NatsBroker::ask_last_sequence(const Link& link, const std::string& subject) {
  const auto json = ask(link, last_message_subject(options_->stream), last_message_request(subject));
  if (!json) return unavailable("The event server does not answer.");
  const auto last = read_last_sequence(*json);
  if (!last) return unavailable("The event server cannot tell the last message of " + subject + ": " + last.error());
  return *last;
}

}  // namespace pkg::messaging::nats
