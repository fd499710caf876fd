#pragma once
// A broker on NATS JetStream: one stream, its subjects are the channels, a durable pull consumer per group.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pkg/messaging/broker.hpp"

namespace pkg::messaging {

struct NatsOptions {
  /// Where the server is: "[nats://|tls://][user:password@|token@]host[:4222]", or several with commas between, which are tried in turn.
  std::string url = "nats://127.0.0.1:4222";
  std::string name;                                 ///< of this client, as the server's monitor shows it
  std::string stream = "mallbots";
  std::string subjects = "mallbots";                ///< the stream takes "<subjects>.>"; publishing to another channel is refused
  std::chrono::seconds max_age{0};                  ///< messages older than this leave the stream; 0: never
  std::int64_t max_bytes = -1;                      ///< the oldest leave when the stream grows above this; -1: no limit
  std::chrono::seconds dedup_window{120};           ///< the same id is stored once within this time
  std::chrono::milliseconds publish_timeout{2000};  ///< without a confirmation for so long: unconfirmed
  std::chrono::milliseconds request_timeout{2000};  ///< for connecting and for asking the server
  std::chrono::milliseconds ping_interval{5000};  ///< the server counts as away when it leaves two pings, so far apart, without an answer
  /// Until the first ping of a server that was told nothing since it answered; from one without an answer on they are ping_interval apart.
  /// A server that stands still is given up by an idle client so much later. One that has gone, with its machine or the way there, is
  /// noticed by the system all the same, within 15 s.
  std::chrono::milliseconds quiet_ping_interval{15'000};
  std::chrono::milliseconds pull_expiry{30'000};  ///< an idle subscription asks again this often
  /// Hears a sentence when something is wrong that no result tells (away, a refused message, a stream that cannot be made). From any
  /// thread; must outlive the broker.
  std::function<void(std::string_view)> report;
};

/// Connects in the background and keeps trying for ever, makes the stream and the consumers where they are missing, at every
/// connection anew. It is connected when the stream is there.
std::unique_ptr<Broker> create_nats_broker(NatsOptions options);

}  // namespace pkg::messaging
