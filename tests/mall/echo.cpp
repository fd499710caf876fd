#include "tests/mall/echo.hpp"

#include <nats/nats.h>

#include <future>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "tests/mall/overheard.hpp"

namespace mall::testing {
namespace {

void check(natsStatus status) {
  if (status != NATS_OK) throw std::runtime_error(std::string("the echo: ") + natsStatus_GetText(status));
}

constexpr const char* mark = "echo";
constexpr const char* deduplicated_by = "Nats-Msg-Id";
constexpr const char* meant_for = "Nats-Expected-Stream";  // what asks the stream whether it is whole has it, and is not stored

std::string header(natsMsg* message, const char* name) {
  const char* value = nullptr;
  return natsMsgHeader_Get(message, name, &value) == NATS_OK ? value : "";
}

using Message = std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)>;

/// With all headers but those of delivery, so that the stream takes it as something new.
Message copy(natsMsg* message) {
  natsMsg* made = nullptr;
  check(natsMsg_Create(&made, natsMsg_GetSubject(message), nullptr, natsMsg_GetData(message), natsMsg_GetDataLength(message)));
  Message result(made, &natsMsg_Destroy);
  for (const auto& [name, value] : headers_of(message)) {
    if (name != deduplicated_by) check(natsMsgHeader_Set(made, name.c_str(), value.c_str()));
  }
  check(natsMsgHeader_Set(made, mark, "1"));
  return result;
}

void add_heard(natsMsg* record, std::vector<Heard>& heard) {
  const std::string subject = natsMsg_GetSubject(record);  // the channel and a word of the type
  for (auto& [headers, payload] : messages_in(record)) {
    heard.push_back({subject.substr(0, subject.rfind('.')), headers["ce-id"], headers["ce-type"], headers["ce-partitionkey"],
                     headers["ce-aggregateversion"]});
  }
}

}  // namespace

class Echo::Wire {
 public:
  Wire(const std::string& url, When when) : when_(when) {
    check(natsConnection_ConnectTo(&connection_, url.c_str()));
    check(natsConnection_JetStream(&stream_, connection_, nullptr));
    check(natsConnection_Subscribe(&subscription_, connection_, "mallbots.>", &Wire::on_message, this));
    check(natsSubscription_SetOnCompleteCB(subscription_, &Wire::on_last_message, this));
    check(natsConnection_Flush(connection_));
  }
  ~Wire() {
    natsSubscription_Unsubscribe(subscription_);
    is_through_.get_future().wait();  // a message may be on its way through on_message() yet
    natsConnection_Close(connection_);
    natsSubscription_Destroy(subscription_);
    jsCtx_Destroy(stream_);
    natsConnection_Destroy(connection_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  std::vector<Heard> heard() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Heard> result;
    for (const auto& message : messages_) add_heard(message.get(), result);
    return result;
  }

  void repeat_backwards() {
    const std::scoped_lock lock(mutex_);
    for (auto message = messages_.rbegin(); message != messages_.rend(); ++message) repeat(message->get());
    check(natsConnection_Flush(connection_));
  }

  std::size_t repeated() const {
    const std::scoped_lock lock(mutex_);
    return repeated_;
  }

  bool is_all_handled() const {
    jsConsumerInfoList* consumers = nullptr;
    if (js_Consumers(&consumers, stream_, "mallbots", nullptr, nullptr) != NATS_OK) return false;
    bool handled = consumers->Count > 0;
    for (int i = 0; i < consumers->Count; ++i)
      handled = handled && consumers->List[i]->NumPending == 0 && consumers->List[i]->NumAckPending == 0;
    jsConsumerInfoList_Destroy(consumers);
    return handled;
  }

 private:
  static void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
    Message owned(message, &natsMsg_Destroy);
    if (!header(message, mark).empty() || !header(message, meant_for).empty()) return;
    auto& wire = *static_cast<Wire*>(self);
    const std::scoped_lock lock(wire.mutex_);
    if (wire.when_ == When::at_once) wire.repeat(message);
    wire.messages_.push_back(std::move(owned));
  }

  static void on_last_message(void* self) { static_cast<Wire*>(self)->is_through_.set_value(); }

  void repeat(natsMsg* message) {
    // Waits until it is stored, so that what is counted was really said.
    jsPubAck* stored = nullptr;
    const auto again = copy(message);
    check(js_PublishMsg(&stored, stream_, again.get(), nullptr, nullptr));
    jsPubAck_Destroy(stored);
    repeated_ += messages_in(message).size();
  }

  const When when_;
  natsConnection* connection_ = nullptr;
  jsCtx* stream_ = nullptr;
  natsSubscription* subscription_ = nullptr;
  mutable std::mutex mutex_;
  std::vector<Message> messages_;
  std::size_t repeated_ = 0;
  std::promise<void> is_through_;  ///< on_message() is not called any more
};

std::vector<Heard> all_that_was_said(const std::string& nats_url) {
  natsConnection* connection = nullptr;
  check(natsConnection_ConnectTo(&connection, nats_url.c_str()));
  jsCtx* stream = nullptr;
  check(natsConnection_JetStream(&stream, connection, nullptr));
  jsStreamInfo* info = nullptr;
  check(js_GetStreamInfo(&info, stream, "mallbots", nullptr, nullptr));
  const auto last = info->State.LastSeq;
  jsStreamInfo_Destroy(info);
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Ordered = true;
  natsSubscription* subscription = nullptr;
  check(js_SubscribeSync(&subscription, stream, "mallbots.>", nullptr, &options, nullptr));
  std::vector<Heard> all;
  for (std::uint64_t seen = 0; seen < last;) {
    natsMsg* message = nullptr;
    check(natsSubscription_NextMsg(&message, subscription, 10'000));
    const Message owned(message, &natsMsg_Destroy);
    jsMsgMetaData* about = nullptr;
    check(natsMsg_GetMetaData(&about, message));
    seen = about->Sequence.Stream;
    jsMsgMetaData_Destroy(about);
    add_heard(message, all);
  }
  natsSubscription_Destroy(subscription);
  jsCtx_Destroy(stream);
  natsConnection_Destroy(connection);
  return all;
}

Echo::Echo(const std::string& nats_url, When when) : wire_(std::make_unique<Wire>(nats_url, when)) {}
Echo::~Echo() = default;
std::vector<Heard> Echo::heard() const { return wire_->heard(); }
void Echo::repeat_backwards() { wire_->repeat_backwards(); }
std::size_t Echo::repeated() const { return wire_->repeated(); }
bool Echo::is_all_handled() const { return wire_->is_all_handled(); }

}  // namespace mall::testing
