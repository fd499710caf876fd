// Published messages as their listeners read them: every handler of every service, on the fakes of its own tests. Input: a line with the
// service, then messages as conversation.hpp has them.

#include <charconv>
#include <map>

#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging/cloud_event.hpp"
#include "pkg/saga/headers.hpp"
#include "tests/fuzz/conversation.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

namespace fuzz {
namespace {

/// As decode_message() gives it: events and commands alike bear the headers of sagas, which only who handles commands looks at.
pkg::messaging::Message message_of(std::string_view text, pkg::ids::IdSource& ids) {
  Input input(text);
  Input first(input.line());
  pkg::messaging::Message message;
  message.id = ids.next().to_string();
  message.type = first.until(" ");
  message.source = "/mallbots/fuzz";
  message.channel = "mallbots.fuzz.events.Thing";
  message.key = "key";
  std::from_chars(first.rest().data(), first.rest().data() + first.rest().size(), message.aggregate_version);
  namespace header = pkg::saga::header;
  message.headers = {{std::string(header::name), "CreateOrder"},
                     {std::string(header::id), ids.next().to_string()},
                     {std::string(header::step), "3"},
                     {std::string(header::direction), "forward"},
                     {std::string(header::reply_to), "mallbots.cosec.replies.CreateOrder"},
                     {std::string(header::command_id), ids.next().to_string()},
                     {std::string(header::outcome), "success"}};
  message.payload = input.rest();
  return message;
}

}  // namespace

void hear(std::string_view messages, const pkg::messaging::Handlers& handlers, pkg::uow::MemoryTransactor& transactor,
          pkg::saga::testing::MemoryOutbox* outbox) {
  pkg::ids::CountingIds ids(1'000'000);
  for (const auto text : split(messages, "\n---\n")) {
    const auto message = message_of(text, ids);
    const auto* const handler = handlers.find(message.type);
    if (handler == nullptr) continue;
    const auto done =
        transactor.run({"correlation", message.id, ""}, [&](pkg::uow::UnitOfWork& unit) { return (*handler)(unit, message); });
    if (!done) promise_error(done.error());
    if (outbox == nullptr) continue;
    for (const auto& sent : outbox->take_sent()) {
      const auto headers = pkg::messaging::encode_headers(sent);
      if (!headers) promise_same(sent.type, headers.error(), "what is sent in answer can be sent");
    }
  }
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::map<std::string_view, void (*)(std::string_view)> services{
      {"baskets", fuzz::tell_baskets},   {"cosec", fuzz::tell_cosec},       {"depot", fuzz::tell_depot},
      {"ordering", fuzz::tell_ordering}, {"payments", fuzz::tell_payments}, {"notifications", fuzz::tell_notifications},
      {"search", fuzz::tell_search},     {"stores", fuzz::tell_stores},     {"users", fuzz::tell_users}};
  fuzz::Input input(fuzz::as_text(data, size));
  const auto found = services.find(input.line());
  if (found != services.end()) found->second(input.rest());
  return 0;
}
