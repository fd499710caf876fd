#include "pkg/messaging/stored_message.hpp"

#include <cstdint>
#include <utility>

namespace pkg::messaging {
namespace {

// Format 1: the byte 1; then id, source, subject, correlation id, causation id and traceparent, each as length and bytes; time in
// microseconds; aggregate version; the number of headers and each header's name and value; the payload to the end. Numbers are
// base-128, low bits first, as protobuf has them.
constexpr char format = 1;

void put_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out.append(text);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return broken();
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return broken();
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      broken();
      return {};
    }
    std::string read(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return read;
  }
  std::string rest() { return std::string(rest_); }
  std::size_t left() const { return rest_.size(); }
  bool is_well() const { return well_; }

 private:
  std::uint64_t broken() {
    well_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool well_ = true;
};

}  // namespace

std::string to_stored(const Message& message) {
  std::string out;
  out.reserve(160 + message.id.size() + message.source.size() + message.subject.size() + message.payload.size());
  out.push_back(format);
  for (const std::string* text :
       {&message.id, &message.source, &message.subject, &message.correlation_id, &message.causation_id, &message.traceparent}) {
    put_text(out, *text);
  }
  put_number(out, static_cast<std::uint64_t>(clock::unix_us(message.time)));
  put_number(out, message.aggregate_version);
  put_number(out, message.headers.size());
  for (const auto& [name, value] : message.headers) {
    put_text(out, name);
    put_text(out, value);
  }
  out.append(message.payload);
  return out;
}

std::optional<Message> from_stored(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != format) return std::nullopt;
  Reader reader(bytes.substr(1));
  Message message;
  for (std::string* text :
       {&message.id, &message.source, &message.subject, &message.correlation_id, &message.causation_id, &message.traceparent}) {
    *text = reader.text();
  }
  message.time = clock::from_unix_us(static_cast<std::int64_t>(reader.number()));
  message.aggregate_version = reader.number();
  const std::uint64_t headers = reader.number();
  if (headers > reader.left()) return std::nullopt;
  for (std::uint64_t i = 0; i < headers; ++i) {
    std::string name = reader.text();
    message.headers.emplace(std::move(name), reader.text());
  }
  if (!reader.is_well()) return std::nullopt;
  message.payload = reader.rest();
  return message;
}

// Each as length and bytes: channel, key, type, and the message in the format above.
void append_stored(std::string& several, const Message& message) {
  for (const std::string* text : {&message.channel, &message.key, &message.type}) put_text(several, *text);
  put_text(several, to_stored(message));
}

std::optional<std::vector<Message>> from_several_stored(std::string_view several) {
  std::vector<Message> messages;
  Reader reader(several);
  while (reader.left() > 0) {
    std::string channel = reader.text(), key = reader.text(), type = reader.text();
    auto message = from_stored(reader.text());
    if (!message || !reader.is_well()) return std::nullopt;
    message->channel = std::move(channel);
    message->key = std::move(key);
    message->type = std::move(type);
    messages.push_back(*std::move(message));
  }
  return reader.is_well() ? std::optional(std::move(messages)) : std::nullopt;
}

}  // namespace pkg::messaging
