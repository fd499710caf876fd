#include "pkg/messaging/nats/connection.hpp"

#include <poll.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <ranges>
#include <system_error>
#include <thread>
#include <utility>

#include "pkg/messaging/nats/conversation.hpp"

namespace pkg::messaging::nats {
namespace {

/// Lets callbacks through until it is closed, and closing waits for one that runs. Recursive, as a callback may close its own gate.
template <class... Args>
struct Gate {
  std::recursive_mutex mutex;
  std::function<void(Args...)> callback;
  bool is_closed = false;

  void call(Args... args) {
    const std::scoped_lock lock(mutex);
    if (!is_closed) callback(args...);
  }
  void close() {
    const std::scoped_lock lock(mutex);
    is_closed = true;
  }
};
using MessageGate = Gate<const Incoming&>;
using ClosedGate = Gate<>;

void hand_over(const WireMessage& message, MessageGate& gate) {
  Incoming incoming;
  incoming.subject = message.subject;
  incoming.reply = message.reply;
  incoming.payload = message.payload;
  incoming.has_broken_headers = !message.headers.empty() && !read_header_block(message.headers, incoming.headers);
  incoming.nobody_listens = incoming.payload.empty() && incoming.reply.empty() && incoming.header("Status") == "503";
  gate.call(incoming);
}

class NatsInbox final : public Inbox {
 public:
  // Shared as said at its members.
  NatsInbox(std::shared_ptr<Conversation> conversation, std::uint64_t subscription, std::shared_ptr<MessageGate> gate)
      : conversation_(std::move(conversation)), subscription_(subscription), gate_(std::move(gate)) {}
  NatsInbox(const NatsInbox&) = delete;
  NatsInbox& operator=(const NatsInbox&) = delete;
  ~NatsInbox() override {
    gate_->close();
    conversation_->end(subscription_);
  }

 private:
  std::shared_ptr<Conversation> conversation_;  // shared with the connection and its other inboxes
  const std::uint64_t subscription_;
  std::shared_ptr<MessageGate> gate_;  // shared with the conversation, which may be about to call
};

class NatsConnection final : public Connection {
 public:
  // Shared as said at its members.
  NatsConnection(std::shared_ptr<Conversation> conversation, std::shared_ptr<ClosedGate> gate)
      : conversation_(std::move(conversation)), gate_(std::move(gate)), thread_([conversation = conversation_, gate = gate_] {
          conversation->run();
          gate->call();
        }) {}
  NatsConnection(const NatsConnection&) = delete;
  NatsConnection& operator=(const NatsConnection&) = delete;
  ~NatsConnection() override {
    gate_->close();
    conversation_->stop();
    // From one of its own callbacks: it ends behind it, and holds what it still needs.
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }

  Sent send(std::string_view subject, std::string_view reply, std::string_view header_lines, std::string_view payload) override {
    if (header_block_size(header_lines) + payload.size() > conversation_->max_payload()) return Sent::too_large;
    if (conversation_->is_over()) return Sent::not_sent;
    conversation_->publish(subject, reply, header_lines, payload);
    return Sent::sent;
  }

  std::size_t max_payload() const override { return conversation_->max_payload(); }

  bool is_full() const override { return conversation_->is_full(); }

  std::unique_ptr<Inbox> listen(const std::string& subject, OnMessage on_message) override {
    if (conversation_->is_over()) return nullptr;
    auto gate = std::make_shared<MessageGate>();  // shared by the conversation and the inbox
    gate->callback = std::move(on_message);
    const auto subscription = conversation_->listen(subject, [gate](const WireMessage& message) { hand_over(message, *gate); });
    return std::make_unique<NatsInbox>(conversation_, subscription, std::move(gate));
  }

  void gather(const std::function<void()>& sending) override {
    const Conversation::Gathering gathering(*conversation_);
    sending();
  }

  std::string new_inbox_name() override {
    std::array<unsigned char, 16> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();  // never fails for so few
    std::string name = "_INBOX.";
    for (const unsigned char byte : bytes) name.append({"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]});
    return name;
  }

 private:
  std::shared_ptr<Conversation> conversation_;  // shared with the inboxes and the thread
  std::shared_ptr<ClosedGate> gate_;            // shared with the thread, which may be about to call
  std::thread thread_;
};

/// The next thing that the server says.
std::expected<FromServer, std::string> hear(Stream& stream, WireReader& reader, Deadline deadline) {
  while (true) {
    auto said = reader.next();
    if (!said) return std::unexpected(std::move(said.error()));
    if (*said) return **std::move(said);
    if (!stream.has_more() && !wait_for(stream, POLLIN, deadline)) return std::unexpected("no answer in time");
    const auto count = stream.read(reader.room());
    if (count < 0) return std::unexpected("the server closed the connection");
    reader.filled(static_cast<std::size_t>(count));
  }
}

std::expected<void, std::string> say(Stream& stream, std::string_view text, Deadline deadline) {
  while (!text.empty()) {
    if (!wait_for(stream, POLLOUT, deadline)) return std::unexpected("no answer in time");
    const auto count = stream.write(text);
    if (count < 0) return std::unexpected("the server closed the connection");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

/// The server speaks first; then we say who we are, and ask for a sign that it takes us. The conversation is shared by the connection, its
/// inboxes and its thread.
std::expected<std::shared_ptr<Conversation>, std::string> greet(const ServerAddress& server, const NatsOptions& options) {
  const auto deadline = std::chrono::steady_clock::now() + options.request_timeout;
  auto stream = connect_plainly(server, deadline);
  if (!stream) return std::unexpected(std::move(stream.error()));
  WireReader reader;
  const auto first = hear(**stream, reader, deadline);
  if (!first) return std::unexpected(first.error());
  const auto* said = std::get_if<WireInfo>(&*first);
  const auto info = said == nullptr ? std::nullopt : read_server_info(said->json);
  if (!info) return std::unexpected("this is no NATS server");
  if (!info->takes_headers || !info->is_at_least(2, 10)) {
    return std::unexpected("it is nats-server " + printable(info->version) + ", and 2.10 is the oldest that filters by several subjects");
  }
  const bool encrypted = server.wants_tls || info->requires_tls;
  if (encrypted) {
    stream = encrypt(*std::move(stream), server, deadline);
    if (!stream) return std::unexpected(std::move(stream.error()));
    reader = WireReader();  // what came in plain text behind the server's first word was anybody's
  }
  const std::string hello = connect_line(server.sign_in, options.name, encrypted).append(ping_line);
  if (const auto sent = say(**stream, hello, deadline); !sent) return std::unexpected(sent.error());
  while (true) {
    const auto answer = hear(**stream, reader, deadline);
    if (!answer) return std::unexpected(answer.error());
    if (const auto* refusal = std::get_if<WireError>(&*answer)) return std::unexpected("the server says " + printable(refusal->text));
    if (std::holds_alternative<WirePong>(*answer)) {
      const PingIntervals pings{.talking = options.ping_interval, .quiet = options.quiet_ping_interval};
      return std::make_shared<Conversation>(*std::move(stream), std::move(reader), info->max_payload, pings);  // shared with its thread
    }
  }
}

}  // namespace

std::optional<std::string_view> Incoming::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &HeaderView::first);
  return found == headers.end() ? std::nullopt : std::optional(found->second);
}

std::expected<std::unique_ptr<Connection>, std::string> open_connection(const NatsOptions& options, std::function<void()> on_closed) {
  std::string why = "no address";
  for (const auto each : std::views::split(std::string_view(options.url), ',')) {
    const auto server = read_address(std::string_view(each));
    if (!server) {
      why = server.error();
      continue;
    }
    try {
      auto conversation = greet(*server, options);
      if (!conversation) {
        why = std::move(conversation.error());
        continue;
      }
      auto gate = std::make_shared<ClosedGate>();  // shared by the connection and its thread
      gate->callback = std::move(on_closed);
      return std::make_unique<NatsConnection>(*std::move(conversation), std::move(gate));
    } catch (const std::system_error& full) {  // no file or thread is to be had just now
      return std::unexpected(full.what());
    }
  }
  return std::unexpected(why);
}

}  // namespace pkg::messaging::nats
