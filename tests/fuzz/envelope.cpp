// The envelope of a message from the broker, and its row in our tables: what is understood is written and understood the same again.
// Input: headers as "name: value" lines, an empty line, the payload; after "=", a stored row's bytes.

#include "pkg/clock/clock.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging/cloud_event.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/messaging/stored_message.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/saga/replies.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using pkg::messaging::Header;
using pkg::messaging::Message;

constexpr std::string_view channel = "mallbots.fuzz.events.Thing";

class NoOutbox final : public pkg::messaging::Outbox {
 public:
  void add(pkg::uow::UnitOfWork&, Message) override {}
};

void promise_round_trip(const Message& message, std::string_view sentence) {
  const auto headers = pkg::messaging::encode_headers(message);
  fuzz::promise(headers.has_value(), sentence);
  const auto again = pkg::messaging::decode_message(message.channel, *headers, message.payload);
  fuzz::promise(again.has_value(), "what is encoded is understood");
  fuzz::promise(*again == message, "what is encoded is understood as it was meant");
}

void promise_stored(const Message& message) {
  Message expected = message;
  for (std::string* in_columns : {&expected.type, &expected.channel, &expected.key}) in_columns->clear();
  fuzz::promise(pkg::messaging::from_stored(pkg::messaging::to_stored(message)) == expected, "a stored message is read as it was");
}

/// Whatever a command says, its reply can be sent: else it stays in the outbox for ever.
void promise_reply(const Message& command) {
  NoOutbox outbox;
  pkg::ids::CountingIds ids;
  const pkg::clock::ManualClock clock;
  const pkg::saga::Replies replies(outbox, ids, clock, "/mallbots/fuzz");
  const pkg::errors::Error no{pkg::errors::ErrorKind::rejected, "not_today", command.payload.substr(0, 2000), {}};
  for (const auto& reply : {replies.success(command, command.type, command.payload), replies.failure(command, no)}) {
    if (!reply) {
      fuzz::promise_error(reply.error(), {"not_a_saga_command"});
      continue;
    }
    const auto headers = pkg::messaging::encode_headers(*reply);
    if (!headers) fuzz::promise_same("", headers.error(), "a reply can be sent");
    const auto read = pkg::saga::reply_of(*pkg::messaging::decode_message(reply->channel, *headers, reply->payload));
    fuzz::promise(read && read->command_id == command.id, "a reply is understood and says what it answers");
  }
}

void read_delivery(fuzz::Input input) {
  std::vector<Header> headers;
  for (auto line = input.line(); !line.empty(); line = input.line()) {
    fuzz::Input header(line);
    const auto name = header.until(": ");
    headers.emplace_back(name, header.rest());
  }
  const auto message = pkg::messaging::decode_message(channel, headers, input.rest());
  const auto raw = pkg::messaging::raw_text(headers, input.rest());
  fuzz::promise(raw.ends_with(input.rest()), "an unreadable message is kept whole");
  if (!message) {
    fuzz::promise(!message.error().empty() && message.error().size() < 300, "an unreadable message is told why, in few words");
    fuzz::promise(pkg::messaging::printable(message.error().substr(0, 80)) == message.error().substr(0, 80), "and these can be logged");
    return;
  }
  promise_round_trip(*message, "a message that is understood can be sent on");
  promise_stored(*message);
  promise_reply(*message);
}

void read_row(std::string_view bytes) {
  auto message = pkg::messaging::from_stored(bytes);
  if (!message) return;
  promise_stored(*message);
  // The columns beside the row, which the bytes do not have.
  message->type = "mallbots.fuzz.v1.Thing";
  message->channel = channel;
  message->key = "key";
  std::erase_if(message->headers, [](const auto& header) { return header.second.empty(); });  // none is the same as an empty one
  if (pkg::messaging::encode_headers(*message)) promise_round_trip(*message, "encoding is the same every time");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::as_text(data, size);
  if (text.starts_with('=')) {
    read_row(text.substr(1));
  } else {
    read_delivery(fuzz::Input(text));
  }
  return 0;
}
