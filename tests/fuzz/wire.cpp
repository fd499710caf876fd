// What a NATS server says: it is understood the same however the bytes are cut, and whatever comes is understood or refused.
// Input: the bytes of a connection.

#include "pkg/messaging/nats/wire.hpp"
#include "pkg/messaging/nats/bundle.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using namespace pkg::messaging::nats;

std::string in_words(const FromServer& said) {
  std::string words = std::to_string(said.index());
  if (const auto* info = std::get_if<WireInfo>(&said)) words += info->json;
  if (const auto* error = std::get_if<WireError>(&said)) words += error->text;
  if (const auto* message = std::get_if<WireMessage>(&said)) {
    words.append(std::to_string(message->subscription));
    for (const auto part : {message->subject, message->reply, message->headers, message->payload}) words.append("\n").append(part);
  }
  return words;
}

void promise_bundle(std::string_view count, std::string_view body) {
  const auto messages = read_bundle(count, body);
  if (!messages) return fuzz::promise(!messages.error().empty() && messages.error().size() < 300, "it is told why, in few words");
  std::size_t size = 0;
  for (const auto& message : *messages) size += message.payload.size();
  fuzz::promise(std::to_string(messages->size()) == count && size <= body.size(), "a bundle has what it says");
}

void promise_headers(const WireMessage& message) {
  std::vector<pkg::messaging::HeaderView> headers;
  if (!read_header_block(message.headers, headers)) return;
  for (const auto& [name, value] : headers) {
    fuzz::promise(!name.empty() && !name.contains("\r\n") && !value.contains("\r\n"), "a header is a name and a value");
    if (name == bundle_header) promise_bundle(value, message.payload);
  }
}

std::vector<std::string> hear(std::string_view bytes, std::size_t piece) {
  WireReader reader;
  std::vector<std::string> heard;
  while (!bytes.empty()) {
    const auto room = reader.room();
    fuzz::promise(!room.empty(), "there is always room");
    const std::size_t count = std::min({piece, room.size(), bytes.size()});
    std::ranges::copy(bytes.substr(0, count), room.begin());
    reader.filled(count);
    bytes.remove_prefix(count);
    while (true) {
      const auto said = reader.next();
      if (!said) {
        fuzz::promise(!said.error().empty() && said.error().size() < 300, "it is told why, in few words");
        heard.push_back(said.error());
        return heard;
      }
      if (!*said) break;
      if (const auto* message = std::get_if<WireMessage>(&**said)) promise_headers(*message);
      if (const auto* info = std::get_if<WireInfo>(&**said)) static_cast<void>(read_server_info(info->json));
      heard.push_back(in_words(**said));
    }
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  const auto whole = hear(text, text.size());
  fuzz::promise(hear(text, 1) == whole, "the same is heard byte by byte");
  fuzz::promise(hear(text, 7) == whole, "the same is heard in pieces");
  return 0;
}
