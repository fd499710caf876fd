#pragma once
// JetStream's requests and answers as text, without I/O. Formats: ADR-1 (API), ADR-13 (pull), ADR-15 (acknowledgements) of NATS.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"

namespace pkg::messaging::nats {

/// Where a consumer stands.
struct ConsumerState {
  std::uint64_t settled = 0;     ///< every message up to this sequence is acknowledged
  std::uint64_t delivered = 0;   ///< the newest sequence that was delivered
  std::uint64_t deliveries = 0;  ///< how many there were
  std::uint64_t out = 0;         ///< messages delivered and not acknowledged
};

// Subjects to ask on.
std::string stream_subject(std::string_view verb, std::string_view stream);  ///< verb: INFO, CREATE, UPDATE
std::string consumer_create_subject(std::string_view stream, std::string_view durable);
std::string pull_subject(std::string_view stream, std::string_view durable);
/// To answer for a message whose delivery was not seen; like the reply of a delivery, of which the server reads the sequence.
std::string answer_subject(std::string_view stream, std::string_view durable, std::uint64_t sequence, const ConsumerState& state);

std::string consumer_delete_subject(std::string_view stream, std::string_view durable);
std::string consumer_list_subject(std::string_view stream);
std::string last_message_subject(std::string_view stream);

/// The name of a group's consumer, counted from 1: the group, and from the second on "<group>~<number>".
std::string durable_name(std::string_view group, std::size_t number);
/// What earlier releases named the consumer of a single channel: the group and the channel with '~' for what NATS does not allow in a name.
/// Different for different pairs, and from the above, as a channel has several words.
std::string durable_name(std::string_view group, std::string_view channel);

/// Where a message is sent: its channel, and behind it the last word of its type, so that a consumer is spared what it does not want. The
/// channel alone where that word is none of [A-Za-z0-9_-], at most 64 bytes.
std::string message_subject(std::string_view channel, std::string_view type);
/// The subjects on which a channel's messages of these types are, of all types where there are none; the channel itself is the first. A
/// message of another type may be among them, as words are shorter than types.
std::vector<std::string> subjects_of(std::string_view channel, std::span<const std::string> types);

// Requests.
std::string stream_request(const NatsOptions& options);
struct ConsumerRequest {
  std::string_view stream;
  std::string_view durable;
  std::span<const std::string> channels;
  std::span<const std::string> types;
  std::size_t window;
  std::chrono::milliseconds ack_wait;
};
std::string consumer_request(const ConsumerRequest& request);
std::string pull_request(std::size_t batch, std::chrono::milliseconds expires);
std::string release_text(std::chrono::milliseconds delay);
std::string list_request(std::size_t offset);
std::string last_message_request(std::string_view subject);
inline constexpr std::string_view acknowledge_text = "+ACK";
inline constexpr std::string_view in_progress_text = "+WPI";

/// What came back for a publish.
PublishResult read_publish_answer(std::string_view json);

/// An answer of the API; `error` is empty where it is a good one.
struct ApiAnswer {
  std::string error;
  int error_code = 0;  ///< the server's err_code
  StreamState stream;  ///< of a stream's answer
  bool stream_is_as_wanted = false;
  ConsumerState consumer;  ///< of a consumer's answer
};
inline constexpr int stream_not_found = 10059;
inline constexpr int stream_exists_otherwise = 10058;
inline constexpr int no_such_message = 10037;
ApiAnswer read_api_answer(std::string_view json, const NatsOptions& wanted);

struct ListedConsumer {
  std::string durable;
  std::string group;  ///< empty where it is not one of ours
  std::size_t number = 0;  ///< of those of the group; 0: of a single channel, as earlier releases made them
  std::vector<std::string> channels;  ///< in the order of the request that made it
  std::vector<std::string> subjects;  ///< what it is filtered by
  ConsumerState state;
};
/// A page of the stream's consumers; `total` counts all pages'.
struct ConsumerList {
  std::size_t total = 0;
  std::vector<ListedConsumer> consumers;
};
/// Fails with what the server says is wrong.
std::expected<ConsumerList, std::string> read_consumer_list(std::string_view json);
/// The sequence of a subject's newest message, 0 where it has none; fails with what the server says is wrong.
std::expected<std::uint64_t, std::string> read_last_sequence(std::string_view json);

/// What the reply subject of a delivery says: "$JS.ACK.<stream>.<consumer>.<delivered>.<sequence>...", or the longer form of later
/// servers with domain and account in front of the stream. The views point into the subject.
struct DeliveryOrigin {
  std::string_view durable;
  std::uint32_t attempt;
  std::uint64_t sequence;
  clock::TimePoint stored_at;  ///< by the server's clock
};
std::optional<DeliveryOrigin> read_reply_subject(std::string_view subject);

}  // namespace pkg::messaging::nats
