#include "pkg/messaging/nats/connection.hpp"

#include <nats/nats.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>

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
  void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
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
  for (int i = 0; i < key_count; ++i) {
    const char** values = nullptr;
    int value_count = 0;
    if (natsMsgHeader_Values(message, keys[i], &values, &value_count) != NATS_OK) continue;
    const KeysPtr free_values(values);
    for (int j = 0; j < value_count; ++j) incoming.headers.emplace_back(keys[i], view(values[j]));
  }
}

void on_nats_message(natsConnection*, natsSubscription*, natsMsg* raw, void* closure) {
  const MessagePtr message(raw);
  Incoming incoming;
  incoming.subject = view(natsMsg_GetSubject(raw));
  incoming.reply = view(natsMsg_GetReply(raw));
  incoming.payload = {natsMsg_GetData(raw), static_cast<std::size_t>(natsMsg_GetDataLength(raw))};
  read_headers(raw, incoming);
  (*static_cast<std::shared_ptr<MessageGate>*>(closure))->call(incoming);
}

void on_nats_last_message(void* closure) { delete static_cast<std::shared_ptr<MessageGate>*>(closure); }

void on_nats_closed(natsConnection*, void* closure) {
  const std::unique_ptr<std::shared_ptr<ClosedGate>> gate(static_cast<std::shared_ptr<ClosedGate>*>(closure));
  (*gate)->call();
}

// What it would tell is seen where it matters: a lost connection by its closing, a lost message by its missing confirmation.
void on_nats_error(natsConnection*, natsSubscription*, natsStatus, void*) {}

/// The library's objects of one connection. Up to 3.5 it may touch a subscription that is freed while a message for it comes in (issue 637
/// of nats.c), so subscriptions that have ended are kept until its reading thread is.
class Handles {
 public:
  explicit Handles(natsConnection* connection) : connection_(connection) {}
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    natsConnection_Close(connection_);
    for (auto* subscription : ended_) natsSubscription_Destroy(subscription);
    natsConnection_Destroy(connection_);
  }

  natsConnection* connection() const { return connection_; }
  void end(natsSubscription* subscription) {
    static_cast<void>(natsSubscription_Unsubscribe(subscription));
    const std::scoped_lock lock(mutex_);
    ended_.push_back(subscription);
  }

 private:
  natsConnection* connection_;
  std::mutex mutex_;
  std::vector<natsSubscription*> ended_;
};

class NatsInbox final : public Inbox {
 public:
  NatsInbox(std::shared_ptr<Handles> handles, natsSubscription* subscription, std::shared_ptr<MessageGate> gate)
      : handles_(std::move(handles)), subscription_(subscription), gate_(std::move(gate)) {}
  NatsInbox(const NatsInbox&) = delete;
  NatsInbox& operator=(const NatsInbox&) = delete;
  ~NatsInbox() override {
    gate_->close();
    handles_->end(subscription_);
  }

 private:
  std::shared_ptr<Handles> handles_;  // shared with the connection and its other inboxes
  natsSubscription* subscription_;
  std::shared_ptr<MessageGate> gate_;  // shared with the library, which may be about to call
};

class NatsConnection final : public Connection {
 public:
  NatsConnection(natsConnection* connection, std::shared_ptr<ClosedGate> gate)
      : handles_(std::make_shared<Handles>(connection)), gate_(std::move(gate)) {}
  NatsConnection(const NatsConnection&) = delete;
  NatsConnection& operator=(const NatsConnection&) = delete;
  ~NatsConnection() override {
    gate_->close();
    natsConnection_Close(handles_->connection());
  }

  Sent send(std::string_view subject, std::string_view reply, std::span<const Header> headers, std::string_view payload) override {
    natsMsg* raw = nullptr;
    const std::string subject_text(subject);
    const std::string reply_text(reply);
    if (natsMsg_Create(&raw, subject_text.c_str(), reply.empty() ? nullptr : reply_text.c_str(), payload.data(),
                       static_cast<int>(payload.size())) != NATS_OK) {
      return Sent::not_sent;
    }
    const MessagePtr message(raw);
    for (const auto& [name, value] : headers) {
      if (natsMsgHeader_Set(raw, name.c_str(), value.c_str()) != NATS_OK) return Sent::not_sent;
    }
    const natsStatus status = natsConnection_PublishMsg(handles_->connection(), raw);
    if (status == NATS_OK) return Sent::sent;
    return status == NATS_MAX_PAYLOAD ? Sent::too_large : Sent::not_sent;
  }

  std::unique_ptr<Inbox> listen(const std::string& subject, OnMessage on_message) override {
    auto gate = std::make_shared<MessageGate>();
    gate->callback = std::move(on_message);
    auto closure = std::make_unique<std::shared_ptr<MessageGate>>(gate);
    natsSubscription* subscription = nullptr;
    if (natsConnection_Subscribe(&subscription, handles_->connection(), subject.c_str(), on_nats_message, closure.get()) != NATS_OK) {
      return nullptr;
    }
    // The closure is freed after the last callback. Where the connection closed in this very moment there is no such call, and these few
    // bytes are given up rather than freed under a running callback.
    static_cast<void>(natsSubscription_SetOnCompleteCB(subscription, on_nats_last_message, closure.get()));
    static_cast<void>(closure.release());
    // What may be waiting is bounded by the windows, so nothing is ever dropped for being late.
    static_cast<void>(natsSubscription_SetPendingLimits(subscription, -1, -1));
    return std::make_unique<NatsInbox>(handles_, subscription, std::move(gate));
  }

  std::string new_inbox_name() override {
    natsInbox* inbox = nullptr;
    if (natsInbox_Create(&inbox) != NATS_OK) std::abort();  // fails only without memory
    std::string name = inbox;
    natsInbox_Destroy(inbox);
    return name;
  }

 private:
  std::shared_ptr<Handles> handles_;  // shared with the inboxes
  std::shared_ptr<ClosedGate> gate_;  // shared with the library, which may be about to call
};

/// SendAsap: without it the library gathers for a millisecond before it sends, seven times what a confirmation takes.
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
      natsOptions_UseGlobalMessageDelivery(to, true),
      natsOptions_SetErrorHandler(to, on_nats_error, nullptr),
      natsOptions_SetClosedCB(to, on_nats_closed, closed),
  };
  const auto* failed = std::ranges::find_if(each, [](natsStatus status) { return status != NATS_OK; });
  return failed == std::end(each) ? NATS_OK : *failed;
}

}  // namespace

const std::string* Incoming::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Header::first);
  return found == headers.end() ? nullptr : &found->second;
}

std::expected<std::unique_ptr<Connection>, std::string> open_connection(const NatsOptions& options, std::function<void()> on_closed) {
  natsOptions* raw_options = nullptr;
  if (const auto status = natsOptions_Create(&raw_options); status != NATS_OK) return std::unexpected(natsStatus_GetText(status));
  const std::unique_ptr<natsOptions, FreeOptions> nats_options(raw_options);
  auto gate = std::make_shared<ClosedGate>();
  gate->callback = std::move(on_closed);
  auto closure = std::make_unique<std::shared_ptr<ClosedGate>>(gate);
  if (const auto status = configure(raw_options, options, closure.get()); status != NATS_OK) {
    return std::unexpected(natsStatus_GetText(status));
  }
  natsConnection* connection = nullptr;
  if (const auto status = natsConnection_Connect(&connection, raw_options); status != NATS_OK) {
    return std::unexpected(natsStatus_GetText(status));
  }
  static_cast<void>(closure.release());  // on_nats_closed frees it
  return std::make_unique<NatsConnection>(connection, std::move(gate));
}

}  // namespace pkg::messaging::nats
