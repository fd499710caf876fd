#pragma once
// Which consumers on the server a subscription reads from.
//
// nats-server's work is for consumers more than for what they bring: each has a state that is written to a new file ten times a second. So
// a group reads all its channels by one. A channel that comes later gets another consumer, because one that is given a further channel
// brings of it only what is stored from then on, and a channel is to come with its whole history.

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/nats/protocol.hpp"

namespace pkg::messaging::nats {

/// Asks the server; nothing where it does not answer.
using Ask = std::function<std::optional<std::string>(const std::string& subject, const std::string& body)>;

/// All of the stream's. Fails with what is wrong.
std::expected<std::vector<ListedConsumer>, std::string> list_consumers(std::string_view stream, const Ask& ask);

struct Source {
  std::string durable;
  std::vector<std::string> channels;  ///< of the subscription
  friend bool operator==(const Source&, const Source&) = default;
};

struct Sources {
  std::vector<Source> read;         ///< each channel is in one
  std::vector<std::string> spare;  ///< consumers whose channels others bring all: to be deleted
};

/// A consumer that is there is kept with what it brings of the channels, also one for a single channel as earlier releases made them. What
/// none brings is read by a new one, or by several where two channels' subjects would be the same, which one consumer cannot tell apart.
Sources sources_of(const SubscribeTo& what, std::span<const ListedConsumer> there);

/// The channel of the source that a message on this subject belongs to; nothing where it is of none.
std::optional<std::string_view> channel_of(const Source& source, std::string_view subject);

}  // namespace pkg::messaging::nats
