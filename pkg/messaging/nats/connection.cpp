#include "pkg/messaging/nats/connection.hpp"

#include <nats/nats.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "pkg/messaging/nats/handles.hpp"

namespace pkg::messaging::nats {
namespace {

constexpr std::int64_t ping_interval_ms = 5000;
constexpr int max_pings_out = 2;

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

struct FreeOptions {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
};
struct FreeMessage {
  void operator()(natsMsg* message) const { Handles::Gathering::free_later(message); }
};
struct FreeMemory {
  void operator()(const char** keys) const { std::free(static_cast<void*>(keys)); }
};
using MessagePtr = std::unique_ptr<natsMsg, FreeMessage>;
using KeysPtr = std::unique_ptr<const char*, FreeMemory>;

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

void read_headers(natsMsg* message, Incoming& incoming) {
  const char** keys = nullptr;
  int key_count = 0;
  const natsStatus status = natsMsgHeader_Keys(message, &keys, &key_count);
  if (status == NATS_NOT_FOUND) return;
  incoming.has_broken_headers = status != NATS_OK;
  const KeysPtr free_keys(keys);
  incoming.headers.reserve(static_cast<std::size_t>(key_count));
  for (int i = 0; i < key_count; ++i) {
    const char** values = nullptr;
    int value_count = 0;
    if (natsMsgHeader_Values(message, keys[i], &values, &value_count) != NATS_OK) continue;
    const KeysPtr free_values(values);
    for (int j = 0; j < value_count; ++j) incoming.headers.emplace_back(view(keys[i]), view(values[j]));
  }
}

void hand_over(natsMsg* raw, MessageGate& gate) {
  Incoming incoming;
  incoming.nobody_listens = raw == nullptr;
  if (incoming.nobody_listens) return gate.call(incoming);
  incoming.subject = view(natsMsg_GetSubject(raw));
  incoming.reply = view(natsMsg_GetReply(raw));
  incoming.payload = {natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))};
  read_headers(raw, incoming);
  gate.call(incoming);
}

void on_nats_closed(natsConnection*, void* closure) {
  const std::unique_ptr<std::shared_ptr<ClosedGate>> gate(static_cast<std::shared_ptr<ClosedGate>*>(closure));
  (*gate)->call();
}

// What it would tell is seen where it matters: a lost connection by its closing, a lost message by its missing confirmation.
void on_nats_error(natsConnection*, natsSubscription*, natsStatus, void*) {}

class NatsInbox final : public Inbox {
 public:
  // Shared as said at its members.
  NatsInbox(std::shared_ptr<Handles> handles, std::shared_ptr<Listener> listener, std::shared_ptr<MessageGate> gate)
      : handles_(std::move(handles)), listener_(std::move(listener)), gate_(std::move(gate)) {}
  NatsInbox(const NatsInbox&) = delete;
  NatsInbox& operator=(const NatsInbox&) = delete;
  ~NatsInbox() override {
    gate_->close();
    handles_->end(listener_);
  }

 private:
  std::shared_ptr<Handles> handles_;    // shared with the connection and its other inboxes
  std::shared_ptr<Listener> listener_;  // shared with the handles
  std::shared_ptr<MessageGate> gate_;   // shared with the listener, which may be about to call
};

class NatsConnection final : public Connection {
 public:
  // Shared as said at its members.
  NatsConnection(std::shared_ptr<Handles> handles, std::shared_ptr<ClosedGate> gate)
      : handles_(std::move(handles)), gate_(std::move(gate)), thread_([handles = handles_] { handles->run(); }) {}
  NatsConnection(const NatsConnection&) = delete;
  NatsConnection& operator=(const NatsConnection&) = delete;
  ~NatsConnection() override {
    gate_->close();
    handles_->stop();
    // From one of its own callbacks: it ends behind it, and holds what it still needs.
    if (thread_.get_id() == std::this_thread::get_id()) {
      thread_.detach();
    } else {
      thread_.join();
    }
    natsConnection_Close(handles_->connection());
  }

  Sent send(std::string_view subject, std::string_view reply, std::span<const Header> headers, std::string_view payload) override {
    const Handles::Gathering gathering(*handles_);
    const natsStatus status = headers.empty() ? publish(std::string(subject), std::string(reply), payload)
                                              : publish(std::string(subject), std::string(reply), headers, payload);
    if (status == NATS_OK) return Sent::sent;
    return status == NATS_MAX_PAYLOAD ? Sent::too_large : Sent::not_sent;
  }

  std::unique_ptr<Inbox> listen(const std::string& subject, OnMessage on_message) override {
    auto gate = std::make_shared<MessageGate>();
    gate->callback = std::move(on_message);
    const Handles::Gathering gathering(*handles_);
    natsSubscription* subscription = nullptr;
    if (natsConnection_SubscribeSync(&subscription, handles_->connection(), subject.c_str()) != NATS_OK) return nullptr;
    // What may be waiting is bounded by the windows, so nothing is ever dropped for being late.
    static_cast<void>(natsSubscription_SetPendingLimits(subscription, -1, -1));
    // Shared by the handles and the inbox.
    auto listener = std::make_shared<Listener>(subscription, [gate](natsMsg* message) { hand_over(message, *gate); });
    handles_->add(listener);
    return std::make_unique<NatsInbox>(handles_, std::move(listener), std::move(gate));
  }

  void gather(const std::function<void()>& sending) override {
    const Handles::Gathering gathering(*handles_);
    sending();
  }

  std::string new_inbox_name() override {
    natsInbox* inbox = nullptr;
    if (natsInbox_Create(&inbox) != NATS_OK) std::abort();  // fails only without memory
    std::string name = inbox;
    natsInbox_Destroy(inbox);
    return name;
  }

 private:
  // Without a message of the library's, which would have to be made and freed.
  natsStatus publish(const std::string& subject, const std::string& reply, std::string_view payload) {
    const auto size = static_cast<int>(payload.size());
    return reply.empty() ? natsConnection_Publish(handles_->connection(), subject.c_str(), payload.data(), size)
                         : natsConnection_PublishRequest(handles_->connection(), subject.c_str(), reply.c_str(), payload.data(), size);
  }

  natsStatus publish(const std::string& subject, const std::string& reply, std::span<const Header> headers, std::string_view payload) {
    natsMsg* raw = nullptr;
    if (const natsStatus status = natsMsg_Create(&raw, subject.c_str(), reply.empty() ? nullptr : reply.c_str(), payload.data(),
                                                 static_cast<int>(payload.size()));
        status != NATS_OK) {
      return status;
    }
    const MessagePtr message(raw);
    for (const auto& [name, value] : headers) {
      if (const natsStatus status = natsMsgHeader_Set(raw, name.c_str(), value.c_str()); status != NATS_OK) return status;
    }
    return natsConnection_PublishMsg(handles_->connection(), raw);
  }

  std::shared_ptr<Handles> handles_;  // shared with the inboxes and the thread
  std::shared_ptr<ClosedGate> gate_;  // shared with the library, which may be about to call
  std::thread thread_;
};

/// SendAsap: without it the library has another thread, which gathers for a millisecond, seven times what a confirmation takes.
natsStatus configure(natsOptions* to, const NatsOptions& options, void* closed) {
  const natsStatus each[] = {
      natsOptions_SetURL(to, options.url.c_str()),
      natsOptions_SetName(to, options.name.c_str()),
      natsOptions_SetTimeout(to, options.request_timeout.count()),
      natsOptions_SetAllowReconnect(to, false),
      natsOptions_SetPingInterval(to, ping_interval_ms),
      natsOptions_SetMaxPingsOut(to, max_pings_out),
      natsOptions_SetWriteDeadline(to, options.request_timeout.count()),
      natsOptions_SetSendAsap(to, true),
      natsOptions_SetErrorHandler(to, on_nats_error, nullptr),
      natsOptions_SetClosedCB(to, on_nats_closed, closed),
  };
  const auto* failed = std::ranges::find_if(each, [](natsStatus status) { return status != NATS_OK; });
  return failed == std::end(each) ? NATS_OK : *failed;
}

}  // namespace

std::optional<std::string_view> Incoming::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &HeaderView::first);
  return found == headers.end() ? std::nullopt : std::optional(found->second);
}

std::expected<std::unique_ptr<Connection>, std::string> open_connection(const NatsOptions& options, std::function<void()> on_closed) {
  natsOptions* raw_options = nullptr;
  if (const auto status = natsOptions_Create(&raw_options); status != NATS_OK) return std::unexpected(natsStatus_GetText(status));
  const std::unique_ptr<natsOptions, FreeOptions> nats_options(raw_options);
  auto gate = std::make_shared<ClosedGate>();  // shared by the connection and the library
  gate->callback = std::move(on_closed);
  auto closure = std::make_unique<std::shared_ptr<ClosedGate>>(gate);
  if (const auto status = configure(raw_options, options, closure.get()); status != NATS_OK) {
    return std::unexpected(natsStatus_GetText(status));
  }
  try {
    auto handles = std::make_shared<Handles>();  // shared by the connection, its inboxes and its thread
    if (const auto status = handles->connect(raw_options); status != NATS_OK) return std::unexpected(natsStatus_GetText(status));
    static_cast<void>(closure.release());  // on_nats_closed frees it
    return std::make_unique<NatsConnection>(std::move(handles), gate);
  } catch (const std::system_error& full) {  // no file or thread is to be had just now
    gate->close();
    return std::unexpected(full.what());
  }
}

}  // namespace pkg::messaging::nats
