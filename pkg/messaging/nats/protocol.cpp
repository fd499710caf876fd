#include "pkg/messaging/nats/protocol.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <limits>
#include <sstream>

#include "pkg/messaging/names.hpp"

namespace pkg::messaging::nats {
namespace {

namespace json = boost::json;

std::int64_t nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

const json::object* object_in(const json::object& outer, std::string_view name) {
  const auto* value = outer.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

template <class Number>
Number number_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return 0;
  boost::system::error_code failed;
  const auto number = value->to_number<Number>(failed);
  return failed ? Number{0} : number;
}

std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

/// A consumer has one filter, or several.
std::vector<std::string> filters_in(const json::object& config) {
  std::vector<std::string> filters;
  const auto* several = config.if_contains("filter_subjects");
  if (const auto* list = several == nullptr ? nullptr : several->if_array()) {
    for (const auto& each : *list) {
      if (const auto* filter = each.if_string()) filters.emplace_back(*filter);
    }
  } else if (auto one = text_in(config, "filter_subject"); !one.empty()) {
    filters.push_back(std::move(one));
  }
  return filters;
}

/// In a consumer's metadata: which channels its subjects are of, as the subjects do not tell for certain.
constexpr std::string_view channels_of_consumer = "mallbots-channels";

std::vector<std::string> channels_in(const json::object& config) {
  std::vector<std::string> channels;
  const auto* metadata = object_in(config, "metadata");
  std::istringstream names(metadata == nullptr ? std::string() : text_in(*metadata, channels_of_consumer));
  for (std::string name; names >> name;) channels.push_back(std::move(name));
  return channels;
}

/// By its name, which nobody else gives a consumer by chance.
void find_owner(ListedConsumer& consumer) {
  const std::string_view durable = consumer.durable;
  const auto end = std::min(durable.find('~'), durable.size());
  const auto group = durable.substr(0, end);
  if (!consumer.subjects.empty() && durable == durable_name(group, consumer.subjects.front())) {
    consumer.channels = {consumer.subjects.front()};
  } else {
    const auto number = end == durable.size() ? 1 : read_number<std::size_t>(durable.substr(end + 1)).value_or(0);
    if (number == 0 || consumer.channels.empty()) return;
    consumer.number = number;
  }
  consumer.group = group;
}

struct Refusal {
  std::string text;
  int code = 0;
};

std::expected<json::object, Refusal> read_answer(std::string_view text) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  auto* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return std::unexpected(Refusal{"the server's answer is no JSON object"});
  if (const auto* error = object_in(*object, "error")) {
    Refusal refusal{text_in(*error, "description"), number_in<int>(*error, "err_code")};
    if (refusal.text.empty()) refusal.text = "the server names no reason";
    return std::unexpected(std::move(refusal));
  }
  return std::move(*object);
}

ConsumerState consumer_in(const json::object& object) {
  ConsumerState state;
  if (const auto* floor = object_in(object, "ack_floor")) state.settled = number_in<std::uint64_t>(*floor, "stream_seq");
  if (const auto* delivered = object_in(object, "delivered")) {
    state.delivered = number_in<std::uint64_t>(*delivered, "stream_seq");
    state.deliveries = number_in<std::uint64_t>(*delivered, "consumer_seq");
  }
  state.out = number_in<std::uint64_t>(object, "num_ack_pending");
  return state;
}

bool is_as_wanted(const json::object& config, const NatsOptions& wanted) {
  const auto* subjects = config.if_contains("subjects");
  return subjects != nullptr && *subjects == json::value(json::array{wanted.subjects + ".>"}) &&
         number_in<std::int64_t>(config, "max_age") == nanoseconds(wanted.max_age) &&
         number_in<std::int64_t>(config, "max_bytes") == wanted.max_bytes &&
         number_in<std::int64_t>(config, "duplicate_window") == nanoseconds(wanted.dedup_window);
}

}  // namespace

std::string stream_subject(std::string_view verb, std::string_view stream) {
  return std::string("$JS.API.STREAM.").append(verb).append(".").append(stream);
}
std::string consumer_create_subject(std::string_view stream, std::string_view durable) {
  return std::string("$JS.API.CONSUMER.DURABLE.CREATE.").append(stream).append(".").append(durable);
}
std::string consumer_delete_subject(std::string_view stream, std::string_view durable) {
  return std::string("$JS.API.CONSUMER.DELETE.").append(stream).append(".").append(durable);
}
std::string consumer_list_subject(std::string_view stream) { return std::string("$JS.API.CONSUMER.LIST.").append(stream); }
std::string last_message_subject(std::string_view stream) { return std::string("$JS.API.STREAM.MSG.GET.").append(stream); }
std::string pull_subject(std::string_view stream, std::string_view durable) {
  return std::string("$JS.API.CONSUMER.MSG.NEXT.").append(stream).append(".").append(durable);
}

std::string answer_subject(std::string_view stream, std::string_view durable, std::uint64_t sequence, const ConsumerState& state) {
  return std::string("$JS.ACK.").append(stream).append(".").append(durable).append(".1.") + std::to_string(sequence) + "." +
         std::to_string(state.deliveries) + ".0.0";
}

std::string durable_name(std::string_view group, std::size_t number) {
  return number == 1 ? std::string(group) : std::string(group) + "~" + std::to_string(number);
}

std::string durable_name(std::string_view group, std::string_view channel) {
  std::string name = std::string(group) + "~" + std::string(channel);
  std::ranges::replace(name, '.', '~');
  return name;
}

std::string message_subject(std::string_view channel, std::string_view type) {
  const auto word = type.substr(type.rfind('.') + 1);  // npos + 1 is 0
  std::string subject(channel);
  if (is_group_name(word)) subject.append(".").append(word);
  return subject;
}

std::vector<std::string> subjects_of(std::string_view channel, std::span<const std::string> types) {
  std::vector<std::string> subjects{std::string(channel)};
  if (types.empty()) subjects.push_back(std::string(channel) + ".*");
  for (const auto& type : types) {
    auto subject = message_subject(channel, type);
    if (std::ranges::find(subjects, subject) == subjects.end()) subjects.push_back(std::move(subject));
  }
  return subjects;
}

std::string stream_request(const NatsOptions& options) {
  return json::serialize(json::object{{"name", options.stream},
                                      {"subjects", json::array{options.subjects + ".>"}},
                                      {"retention", "limits"},
                                      {"discard", "old"},
                                      {"storage", "file"},
                                      {"num_replicas", 1},
                                      {"max_consumers", -1},
                                      {"max_msgs", -1},
                                      {"max_msg_size", -1},
                                      {"max_msgs_per_subject", -1},
                                      {"max_bytes", options.max_bytes},
                                      {"max_age", nanoseconds(options.max_age)},
                                      {"duplicate_window", nanoseconds(options.dedup_window)}});
}

std::string consumer_request(const ConsumerRequest& request) {
  json::array subjects;
  std::string channels;
  for (const auto& channel : request.channels) {
    for (const auto& subject : subjects_of(channel, request.types)) subjects.emplace_back(subject);
    channels.append(channels.empty() ? "" : " ").append(channel);
  }
  // max_deliver -1: whoever consumes decides when a message has failed often enough, not the broker.
  const json::object config{{"durable_name", request.durable},
                            {"filter_subjects", std::move(subjects)},
                            {"metadata", {{channels_of_consumer, std::move(channels)}}},
                            {"deliver_policy", "all"},
                            {"ack_policy", "explicit"},
                            {"ack_wait", nanoseconds(request.ack_wait)},
                            {"max_deliver", -1},
                            {"replay_policy", "instant"},
                            {"max_ack_pending", request.window}};
  return json::serialize(json::object{{"stream_name", request.stream}, {"config", config}});
}

std::string pull_request(std::size_t batch, std::chrono::milliseconds expires) {
  return "{\"batch\":" + std::to_string(batch) + ",\"expires\":" + std::to_string(nanoseconds(expires)) + "}";
}

std::string list_request(std::size_t offset) { return json::serialize(json::object{{"offset", offset}}); }
std::string last_message_request(std::string_view subject) { return json::serialize(json::object{{"last_by_subj", subject}}); }

std::string release_text(std::chrono::milliseconds delay) {
  if (delay <= std::chrono::milliseconds{0}) return "-NAK";
  return "-NAK {\"delay\":" + std::to_string(nanoseconds(delay)) + "}";
}

PublishResult read_publish_answer(std::string_view text) {
  std::array<unsigned char, 1024> memory{};
  json::monotonic_resource resource(memory.data(), memory.size());
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed, &resource);
  const auto* answer = failed ? nullptr : value.if_object();
  if (answer == nullptr) return std::unexpected(PublishFailure::unconfirmed);
  if (const auto* error = object_in(*answer, "error")) {
    // 400 is about the message; everything else (503, 500: no room, no leader) may pass.
    const bool is_for_ever = number_in<int>(*error, "code") == 400;
    return std::unexpected(is_for_ever ? PublishFailure::refused : PublishFailure::unconfirmed);
  }
  const auto sequence = number_in<std::uint64_t>(*answer, "seq");
  if (sequence == 0) return std::unexpected(PublishFailure::unconfirmed);
  const auto* duplicate = answer->if_contains("duplicate");
  return Stored{sequence, duplicate != nullptr && duplicate->is_bool() && duplicate->get_bool()};
}

ApiAnswer read_api_answer(std::string_view text, const NatsOptions& wanted) {
  const auto object = read_answer(text);
  ApiAnswer answer;
  if (!object) {
    answer.error = object.error().text;
    answer.error_code = object.error().code;
  } else {
    answer.stream.identity = text_in(*object, "created");
    if (const auto* state = object_in(*object, "state")) answer.stream.last_sequence = number_in<std::uint64_t>(*state, "last_seq");
    answer.consumer = consumer_in(*object);
    if (const auto* config = object_in(*object, "config")) answer.stream_is_as_wanted = is_as_wanted(*config, wanted);
  }
  return answer;
}

std::expected<ConsumerList, std::string> read_consumer_list(std::string_view text) {
  const auto object = read_answer(text);
  if (!object) return std::unexpected(object.error().text);
  ConsumerList list{number_in<std::size_t>(*object, "total"), {}};
  const auto* value = object->if_contains("consumers");
  const auto* consumers = value == nullptr ? nullptr : value->if_array();
  if (consumers == nullptr) return list;  // the server leaves an empty list out
  for (const auto& each : *consumers) {
    const auto* consumer = each.if_object();
    const auto* config = consumer == nullptr ? nullptr : object_in(*consumer, "config");
    if (config == nullptr) return std::unexpected("a consumer without its configuration");
    list.consumers.push_back({.durable = text_in(*consumer, "name"),
                              .group = {},
                              .channels = channels_in(*config),
                              .subjects = filters_in(*config),
                              .state = consumer_in(*consumer)});
    find_owner(list.consumers.back());
  }
  return list;
}

std::expected<std::uint64_t, std::string> read_last_sequence(std::string_view text) {
  const auto object = read_answer(text);
  if (!object)
    return object.error().code == no_such_message ? std::expected<std::uint64_t, std::string>(0) : std::unexpected(object.error().text);
  const auto* message = object_in(*object, "message");
  const auto sequence = message == nullptr ? 0 : number_in<std::uint64_t>(*message, "seq");
  if (sequence == 0) return std::unexpected("a message without its sequence");
  return sequence;
}

std::optional<DeliveryOrigin> read_reply_subject(std::string_view subject) {
  constexpr std::string_view prefix = "$JS.ACK.";
  if (!subject.starts_with(prefix)) return std::nullopt;
  subject.remove_prefix(prefix.size());
  std::vector<std::string_view> words;
  while (true) {
    const auto dot = subject.find('.');
    words.push_back(subject.substr(0, dot));
    if (dot == std::string_view::npos) break;
    subject.remove_prefix(dot + 1);
  }
  // stream, consumer, delivered, stream sequence, consumer sequence, time, pending; or domain and account before them.
  if (words.size() != 7 && words.size() < 9) return std::nullopt;
  const std::size_t first = words.size() == 7 ? 0 : 2;
  const auto attempt = read_number<std::uint64_t>(words[first + 2]);
  const auto sequence = read_number<std::uint64_t>(words[first + 3]);
  const auto nanoseconds = read_number<std::uint64_t>(words[first + 5]);
  if (!attempt || !sequence || !nanoseconds || words[first + 1].empty()) return std::nullopt;
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  return DeliveryOrigin{words[first + 1], static_cast<std::uint32_t>(std::min(*attempt, most)), *sequence,
                        clock::from_unix_us(static_cast<std::int64_t>(*nanoseconds / 1000))};
}

}  // namespace pkg::messaging::nats
